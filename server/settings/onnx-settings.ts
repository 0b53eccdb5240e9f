/** `piiGate.providers.onnx` → options. Both paths are the user's own: nothing of a model ships with PII Gate or is downloaded by it. */
import { isAbsolute } from 'node:path';
import type { OnnxOptions } from '#files/providers/onnx/messages.ts';

export function readOnnx(value: unknown, report: (problem: string) => void): OnnxOptions | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { enable, runtime, model, labels = {}, scoreThreshold = 0.5, timeoutMs = 60_000 } = value as Record<string, unknown>;
  if (enable !== true) return undefined;
  const wrong = (key: string, expected: string): undefined => {
    report(`piiGate.providers.onnx.${key}: expected ${expected}; the model is not used.`);
    return undefined;
  };
  if (typeof runtime !== 'string' || !isAbsolute(runtime)) return wrong('runtime', 'the absolute path of an onnxruntime-web folder');
  if (typeof model !== 'string' || !isAbsolute(model)) return wrong('model', 'the absolute path of a model folder');
  if (!isLabels(labels)) return wrong('labels', 'label names mapped to entities');
  if (typeof scoreThreshold !== 'number' || !(scoreThreshold >= 0 && scoreThreshold <= 1)) return wrong('scoreThreshold', 'a number from 0 to 1');
  if (typeof timeoutMs !== 'number' || !(timeoutMs >= 100 && timeoutMs <= 3_600_000)) return wrong('timeoutMs', 'milliseconds from 100 to 3600000');
  return { runtime, model, labels, scoreThreshold, timeoutMs };
}

function isLabels(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && Object.values(value).every((entity) => typeof entity === 'string' && /^[A-Z0-9_]*$/.test(entity));
}

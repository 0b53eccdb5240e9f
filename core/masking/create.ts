/** One masker for the editor, the command line, result grids and exports. */
import type { Detector } from '../engine/detector.ts';
import { validators as builtinValidators, type Validator } from '../validators/index.ts';
import type { Masker } from './masker.ts';
import { formatPreserving } from './format-preserving.ts';
import { fakeFor, SeededNumbers } from './fake.ts';
import { maskValue, redaction } from './mask-value.ts';
import { keyedDigest, tokenFor } from './token.ts';

/**
 * @param key secret of the installation, for tokens and fakes; 32 bytes
 * @throws RangeError when the key is shorter than 16 bytes: tokens could be searched for
 */
export function createMasker(key: Uint8Array, detector: Detector, validators: ReadonlyMap<string, Validator> = builtinValidators): Masker {
  if (key.length < 16) throw new RangeError('The masking key needs at least 16 bytes.');
  const infos = new Map(detector.entities().map((info) => [info.entity, info]));
  const validatorsOf = (entity: string): readonly Validator[] => (infos.get(entity)?.validators ?? []).flatMap((name) => validators.get(name) ?? []);
  return {
    replace(value, entity, how): string {
      if (value.length === 0) return value;
      switch (how.kind) {
        case 'mask': {
          const spec = how.spec ?? infos.get(entity)?.mask ?? { kind: 'redact' };
          return spec.kind === 'token' || spec.kind === 'fake' || spec.kind === 'format' ? this.replace(value, entity, { kind: spec.kind }) : maskValue(value, entity, spec);
        }
        case 'redact': return redaction(entity);
        case 'format': return formatPreserving(key, how.tweak ?? entity, value) ?? redaction(entity);
        case 'token': return tokenFor(key, entity, value);
        case 'fake': {
          const fake = fakeFor(value, entity, new SeededNumbers(keyedDigest(key, entity, value)), validatorsOf(entity));
          return fake.includes(value) ? redaction(entity) : fake;
        }
      }
    },
  };
}

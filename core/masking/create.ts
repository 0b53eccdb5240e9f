/** One masker for the editor, the command line, result grids and exports. */
import type { Detector } from '../engine/detector.ts';
import { validators as builtinValidators, type Validator } from '../validators/index.ts';
import type { Masker, Replacement } from './masker.ts';
import { checkDigits, type CheckDigitsName } from './check-digits.ts';
import { formatPreserver } from './format-preserving.ts';
import { fakeFor, SeededNumbers } from './fake.ts';
import { redaction, valueMask } from './mask-value.ts';
import { keyedDigest, tokenFor } from './token.ts';

/**
 * @param key secret of the installation, for tokens and fakes; 32 bytes
 * @throws RangeError when the key is shorter than 16 bytes: tokens could be searched for
 */
export function createMasker(key: Uint8Array, detector: Detector, validators: ReadonlyMap<string, Validator> = builtinValidators): Masker {
  if (key.length < 16) throw new RangeError('The masking key needs at least 16 bytes.');
  const infos = new Map(detector.entities().map((info) => [info.entity, info]));
  const validatorsOf = (entity: string): readonly Validator[] => (infos.get(entity)?.validators ?? []).flatMap((name) => validators.get(name) ?? []);
  const replacer = (entity: string, how: Replacement): ((value: string) => string) => {
    const redacted = redaction(entity);
    const replaced = ((): ((value: string) => string) => {
      switch (how.kind) {
        case 'mask': {
          const spec = how.spec ?? infos.get(entity)?.mask ?? { kind: 'redact' };
          if (spec.kind === 'format') return replacer(entity, { kind: 'format', ...(spec.keepCheckDigits ? { keepCheckDigits: true } : {}) });
          return spec.kind === 'token' || spec.kind === 'fake' ? replacer(entity, { kind: spec.kind }) : valueMask(entity, spec);
        }
        case 'redact': return () => redacted;
        case 'format': {
          const check = how.keepCheckDigits ? checkDigitsOf(infos.get(entity)?.validators ?? []) : undefined;
          const preserved = formatPreserver(key, how.tweak ?? entity, check && checkDigits[check]);
          return (value) => preserved(value) ?? redacted;
        }
        case 'token': return (value) => tokenFor(key, entity, value);
        case 'fake': {
          const accepts = validatorsOf(entity);
          return (value) => {
            const fake = fakeFor(value, entity, new SeededNumbers(keyedDigest(key, entity, value)), accepts);
            return fake.includes(value) ? redacted : fake;
          };
        }
      }
    })();
    return (value) => (value.length === 0 ? value : replaced(value));
  };
  return { replacer, replace: (value, entity, how) => replacer(entity, how)(value) };
}

/** By the validators of an entity's rules. */
function checkDigitsOf(names: readonly string[]): CheckDigitsName | undefined {
  if (names.includes('iban')) return 'mod97';
  return names.includes('card') || names.includes('luhn') ? 'luhn' : undefined;
}

/** Line icons on a 16 px grid, drawn in the text's colour. Decorative: the words beside them say the same. */
import type { JSX } from 'preact';

const paths = {
  shield: 'M8 1.500 2.500 3.700v4c0 3.300 2.300 6 5.500 6.900 3.200-.9 5.500-3.600 5.500-6.900v-4zM5.500 8l1.800 1.800L10.700 6.300',
  check: 'm3 8.500 3.300 3.300L13 5',
  cross: 'm4 4 8 8M12 4l-8 8',
  limits: 'M2 4.500h7M12 4.500h2M2 11.500h2M7 11.500h7M10.500 3v3M5.500 10v3',
  changes: 'M3 13h10M4 10.500l.6-2.600L10.800 1.700l2 2L6.600 9.900z',
  lock: 'M4 7h8v6.500H4zM5.500 7V5a2.500 2.500 0 0 1 5 0v2',
  clock: 'M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800zM8 4.500V8l2.500 1.500',
  back: 'M10 3 5 8l5 5',
  robot: 'M3.500 6h9v7h-9zM8 3.500V6M6 9v.500M10 9v.500M1.500 8.500v2M14.500 8.500v2M8 2.500v.500',
  warning: 'M8 2 1.500 13.500h13zM8 6.500v3.200M8 11.500v.3',
  copy: 'M5.500 5.500h8v8h-8zM3 10.500H2.500v-8h8V3',
  leave: 'M9.500 2.500H3v11h6.500M7 8h7M11.500 5.500 14 8l-2.500 2.500',
  comment: 'M2.500 3h11v8H7.500L4.500 13.500V11h-2z',
  ask: 'M8 13V3M4 7l4-4 4 4',
  inbox: 'M2 9h3.500l1 2h3l1-2H14M2 9l2-6h8l2 6v4.500H2z',
} as const;

export function Icon({ name }: { readonly name: keyof typeof paths }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round">
      <path d={paths[name]} />
    </svg>
  );
}

/** Exit codes, the same for every command. */
export const exit = { clean: 0, findings: 1, error: 2 } as const;

/** Something the user can mend; its message is shown as it is and holds no personal data. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

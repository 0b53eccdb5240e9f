/** Compile-time proof that the schemas and the wire types say the same. Nothing runs. */
import type * as wire from '#core/wire/approval.ts';
import type { StatementFacts } from '#core/wire/statement.ts';
import type { AfterReviewBody, DecisionBody } from '../requests/deciding.ts';
import type * as schema from './schemas.ts';

/** Readonly is the wire types' promise to their readers; a parsed body need not make it. */
type Plain<T> = T extends readonly (infer Item)[] ? Plain<Item>[] : T extends object ? { -readonly [Key in keyof T]: Plain<T[Key]> } : T;
type Same<A, B> = [Plain<A>] extends [Plain<B>] ? ([Plain<B>] extends [Plain<A>] ? true : never) : never;
type Holds<T extends true> = T;

export type Checks = [
  Holds<Same<schema.Of<typeof schema.statementFacts>, StatementFacts>>,
  Holds<Same<schema.Of<typeof schema.evaluateInput>, wire.EvaluateInput>>,
  Holds<Same<schema.Of<typeof schema.createRequest>, wire.CreateRequest>>,
  Holds<Same<schema.Of<typeof schema.newComment>, wire.NewComment>>,
  Holds<Same<schema.Of<typeof schema.requestComment>, wire.RequestComment>>,
  Holds<Same<schema.Of<typeof schema.constraints>, wire.Constraints>>,
  Holds<Same<schema.Of<typeof schema.decision>, wire.Decision>>,
  Holds<Same<schema.Of<typeof schema.decisionBody>, DecisionBody>>,
  Holds<Same<schema.Of<typeof schema.afterReviewBody>, AfterReviewBody>>,
  Holds<Same<schema.Of<typeof schema.resubmission>, wire.Resubmission>>,
  Holds<Same<schema.Of<typeof schema.verdict>, wire.Verdict>>,
  Holds<Same<schema.Of<typeof schema.approvalRequest>, wire.ApprovalRequest>>,
  Holds<Same<schema.Of<typeof schema.driftReport>, wire.DriftReport>>,
  Holds<Same<schema.Of<typeof schema.unaskedDriftReport>, wire.UnaskedDriftReport>>,
  Holds<Same<schema.Of<typeof schema.consumeGrant>, wire.ConsumeGrant>>,
  Holds<Same<schema.Of<typeof schema.problem>, wire.Problem>>,
  Holds<Same<schema.Of<typeof schema.person>, wire.Person>>,
];

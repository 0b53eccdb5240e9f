/** The request machine against a model of its own, over random walks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RequestState } from '#core/wire/approval.ts';
import { isFinal, legalMoves, next, type Move } from './states.ts';

const moves: readonly Move[] = ['approve', 'deny', 'request_changes', 'resubmit', 'cancel', 'expire', 'consume', 'revoke'];
const states = Object.keys(legalMoves) as RequestState[];

test('over any walk: nothing is used that was not approved, and an end is an end', () => {
  fc.assert(fc.property(fc.array(fc.constantFrom(...moves), { maxLength: 40 }), (walk) => {
    let state: RequestState = 'pending';
    let approved = false;
    let ended = false;
    for (const move of walk) {
      const after = next(state, move);
      if (after === undefined) continue;
      assert.equal(ended, false, `${move} moved the final state ${state}`);
      if (move === 'approve') approved = true;
      if (move === 'consume' || move === 'revoke') assert.equal(approved, true, `${move} without approval`);
      if (after === 'approved') assert.equal(move, 'approve');
      state = after;
      ended = isFinal(state);
    }
  }), { numRuns: 2_000 });
});

test('every state can be reached, and every state that is not final can end', () => {
  const reached = new Set<RequestState>(['pending']);
  for (let grown = true; grown; ) {
    const before = reached.size;
    for (const state of [...reached]) for (const move of moves) {
      const after = next(state, move);
      if (after) reached.add(after);
    }
    grown = reached.size > before;
  }
  assert.deepEqual([...reached].sort(), [...states].sort());
  assert.deepEqual(states.filter(isFinal).sort(), ['cancelled', 'denied', 'expired', 'revoked']);
});

test('a denied, cancelled, expired or revoked request is never approved again', () => {
  for (const state of ['denied', 'cancelled', 'expired', 'revoked', 'consumed'] as const) assert.equal(next(state, 'approve'), undefined, state);
});

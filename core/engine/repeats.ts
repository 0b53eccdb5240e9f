/** Remembers answers for texts that come again, as long as enough of them do. Bounded; holds the texts. */

/** Answers that are kept; longer texts seldom repeat. */
const MOST = 1_000, LONGEST = 64;
/** After so many questions, a source that seldom repeats itself is no longer remembered. */
const TRIAL = 128, LEAST_SHARE = 0.25;

export class Repeats<T> {
  private answers: Map<string, T> | undefined = new Map();
  private asked = 0;
  private repeated = 0;

  /** Whether answers for texts of that length are worth keeping. */
  keeps(length: number): boolean {
    return this.answers !== undefined && length <= LONGEST;
  }

  find(text: string): T | undefined {
    this.asked++;
    const found = this.answers?.get(text);
    if (found !== undefined) this.repeated++;
    else if (this.asked >= TRIAL && this.repeated < this.asked * LEAST_SHARE) this.answers = undefined;
    return found;
  }

  keep(text: string, answer: T): void {
    if (this.answers === undefined) return;
    if (this.answers.size >= MOST) this.answers.clear();
    this.answers.set(text, answer);
  }
}

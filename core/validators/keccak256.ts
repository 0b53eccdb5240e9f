/** Keccak-256 as Ethereum and Monero use it (the submission to SHA-3, padding 0x01), for the checks of their addresses. */

const RATE = 136;
const MASK = (1n << 64n) - 1n;
/** Round constants and rotation offsets: The Keccak reference, version 3.0, tables 2 and 3. */
const ROUNDS: readonly bigint[] = roundConstants();
const ROTATIONS: readonly number[] = [0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14];

/** 32 bytes. Meant for inputs of a few dozen bytes. */
export function keccak256(input: Uint8Array): Uint8Array {
  const padded = new Uint8Array((Math.floor(input.length / RATE) + 1) * RATE);
  padded.set(input);
  padded[input.length] = 0x01;
  padded[padded.length - 1]! |= 0x80;
  const state: bigint[] = new Array<bigint>(25).fill(0n);
  for (let block = 0; block < padded.length; block += RATE) {
    for (let lane = 0; lane < RATE / 8; lane++) state[lane]! ^= readLane(padded, block + lane * 8);
    permute(state);
  }
  const digest = new Uint8Array(32);
  for (let index = 0; index < 32; index++) digest[index] = Number((state[index >> 3]! >> BigInt((index & 7) * 8)) & 255n);
  return digest;
}

function readLane(bytes: Uint8Array, at: number): bigint {
  let lane = 0n;
  for (let index = 7; index >= 0; index--) lane = (lane << 8n) | BigInt(bytes[at + index]!);
  return lane;
}

const rotate = (lane: bigint, by: number): bigint => (by === 0 ? lane : ((lane << BigInt(by)) | (lane >> BigInt(64 - by))) & MASK);

/** θ, ρ, π, χ and ι, 24 times. Lane (x, y) stands at x + 5 y. */
function permute(state: bigint[]): void {
  for (const constant of ROUNDS) {
    const column = [0, 1, 2, 3, 4].map((x) => state[x]! ^ state[x + 5]! ^ state[x + 10]! ^ state[x + 15]! ^ state[x + 20]!);
    for (let lane = 0; lane < 25; lane++) state[lane]! ^= column[(lane + 4) % 5]! ^ rotate(column[(lane + 1) % 5]!, 1);
    const moved: bigint[] = new Array<bigint>(25);
    for (let x = 0; x < 5; x++) for (let y = 0; y < 5; y++) moved[y + 5 * ((2 * x + 3 * y) % 5)] = rotate(state[x + 5 * y]!, ROTATIONS[x + 5 * y]!);
    for (let y = 0; y < 25; y += 5) for (let x = 0; x < 5; x++) state[x + y] = moved[x + y]! ^ (~moved[((x + 1) % 5) + y]! & MASK & moved[((x + 2) % 5) + y]!);
    state[0]! ^= constant;
  }
}

/** A linear feedback shift register sets bit 2^j − 1 of each round's constant. */
function roundConstants(): readonly bigint[] {
  const constants: bigint[] = [];
  let register = 1;
  for (let round = 0; round < 24; round++) {
    let constant = 0n;
    for (let j = 0; j < 7; j++) {
      if ((register & 1) === 1) constant |= 1n << BigInt(2 ** j - 1);
      register = register & 0x80 ? ((register << 1) ^ 0x171) & 0xff : register << 1;
    }
    constants.push(constant);
  }
  return constants;
}

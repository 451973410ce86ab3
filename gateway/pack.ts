/**
 * What a courier and a counter say to each other: packs of commands one way, answers the other. As JSON, since that is as
 * quick as MessagePack both ways together, and a command is encoded once however often it is sent.
 */
import type { ActorCommand, Reply } from '../machines/actor.ts';
import { Refusal, type CodeName } from '../sdk/protocol/codes.ts';
import type { Answer } from './resident.ts';

/** A command under the number that its courier gave it. */
export type Task = [k: number, actor: string, command: ActorCommand];

/** `epoch`: the shard's, as the sender knows it. `low`: all before are answered. Packs of a round are counted from 0. */
export type Pack = [edge: string, epoch: number, low: number, round: number, nth: number, tasks: Task[]];

/** What comes back, as often as there is something to say. */
export interface Receipt {
  /** The shard's newest durable sequence: the answers rest on it or an earlier one. */
  seq: number;
  /** Nothing more of this round is taken. */
  over: boolean;
  /** In the order in which they were settled; none when it only says that the first pack of a round was taken. */
  answers: [k: number, answer: Answer][];
}

type Told = [k: number, reply: Reply] | [k: number, name: CodeName, detail: string, retryAfterMs: number];

/** Asks for the shard's newest sequence. */
export const HEAD: Uint8Array = Buffer.from('[]');
/** What a pack has besides its tasks is shorter. */
export const PACK_ROOM_BYTES = 512;

export function subjectOf(shard: number): string {
  return `cmd.${shard}`;
}

export function encodeTask(...task: Task): string {
  return JSON.stringify(task);
}

export function encodePack(edge: string, epoch: number, low: number, round: number, nth: number, tasks: readonly string[]): Uint8Array {
  return Buffer.from(`[${JSON.stringify(edge)},${epoch},${low},${round},${nth},[${tasks.join(',')}]]`);
}

/** Undefined for `HEAD`. */
export function decodePack(bytes: Uint8Array): Pack | undefined {
  const pack = parse(bytes) as Pack | [];
  return pack.length === 0 ? undefined : pack;
}

export function encodeReceipt({ seq, over, answers }: Receipt): Uint8Array {
  const told = answers.map(([k, answer]): Told =>
    (answer instanceof Refusal ? [k, answer.name, answer.detail, answer.retryAfterMs] : [k, answer]));
  return Buffer.from(JSON.stringify([seq, over ? 1 : 0, ...told]));
}

export function decodeReceipt(bytes: Uint8Array): Receipt {
  const [seq, over, ...told] = parse(bytes) as [seq: number, over: number, ...told: Told[]];
  return { seq, over: over === 1, answers: told.map((one) => [one[0], one.length === 2 ? one[1] : new Refusal(one[1], one[2], one[3])]) };
}

function parse(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
}

/** What a NATS server must be for Parley, in sentences for whoever operates it, and what its log promises. Pure. */

/** Of `max_payload`, in bytes: a record of the log has up to so much. */
export const PAYLOAD_LEAST = 8 * 1024 * 1024;
/** Before, a server does not say when nobody listens, or reads no headers as JetStream needs them. */
export const VERSION_LEAST = '2.9.0';
/** Three replicas are safe from here on: before, two writers could both win. */
export const REPLICAS_LEAST = '2.10.23';
/** From here on a server can sync each write to the disk before it is acknowledged. */
export const SYNC_LEAST = '2.10.0';

/** What a server says of itself when one connects. */
export interface ServerFacts {
  version: string;
  max_payload: number;
  jetstream?: boolean;
}

/** Why this server will not do, in sentences that say what to change; undefined when it will. */
export function misfit({ version, max_payload: payload, jetstream }: ServerFacts, replicas: number): string | undefined {
  if (!reaches(version, VERSION_LEAST)) return `NATS ${version} is too old: Parley needs ${VERSION_LEAST} or later.`;
  if (replicas > 1 && !reaches(version, REPLICAS_LEAST)) {
    return `NATS ${version} may let two writers of a log with ${replicas} replicas both win, and then something acknowledged is lost: `
      + `take ${REPLICAS_LEAST} or later on every server, or set nats.replicas to 1.`;
  }
  if (jetstream !== true) return 'JetStream is off on this NATS server. Put into its configuration: jetstream { store_dir: "/data" }';
  if (payload < PAYLOAD_LEAST) {
    return `This NATS server takes messages of ${payload} bytes, and Parley's records have up to ${PAYLOAD_LEAST}. `
      + 'Put into its configuration: max_payload: 8MB';
  }
  return undefined;
}

/** How a server keeps what it has acknowledged, as far as anybody could ask it; undefined when nobody could. */
export interface Syncing {
  always: boolean;
  /** Seconds between two syncs to the disk, where it does not always. */
  everyS?: number;
}

/** What is not lost whatever dies, and what could be: a line for the start. */
export function promiseOf(version: string, replicas: number, syncing: Syncing | undefined): string {
  const crash = replicas > 1
    ? `What is acknowledged survives the crash of any process, and the loss of one of the ${replicas} NATS servers`
    : 'What is acknowledged survives the crash of any process';
  if (syncing?.always) return `${crash}, and a power cut: NATS syncs it to the disk first.`;
  if (!reaches(version, SYNC_LEAST)) {
    return `${crash}. A power cut may take what came in the two minutes before it: NATS ${version} cannot sync each write; `
      + `${REPLICAS_LEAST} or later can, with jetstream { sync_interval: always }.`;
  }
  if (syncing) {
    const last = syncing.everyS === undefined ? 'what it had not synced yet' : `the last ${syncing.everyS} s`;
    return `${crash}. A power cut may take ${last}: set jetstream { sync_interval: always } on every NATS server.`;
  }
  return `${crash}. Whether it survives a power cut is not known: set nats.monitor to a NATS server's monitoring address, `
    + 'such as http://127.0.0.1:8222, to have it asked.';
}

/** Whether a version such as `2.9.10` is this one or later. */
export function reaches(version: string, least: string): boolean {
  const [a, b] = [version, least].map((text) => text.split(/[.-]/).slice(0, 3).map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (a?.[i] || 0) - (b?.[i] || 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

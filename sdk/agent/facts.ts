/** What only agents know of a conversation, beside its summary. */
import type { Entry, Summary } from '../protocol/entry.ts';
import type { ConversationSummary } from '../summary.ts';

export interface Facts {
  readonly team: string;
  /** 0 urgent, 1 high, 2 normal, 3 low. */
  readonly priority: number;
  /** Since when the customer waits for an answer, milliseconds since 1970; 0: does not. */
  readonly waitingSince: number;
  /** Until when it is snoozed, 0: is not. */
  readonly snoozedUntil: number;
  readonly tags: readonly string[];
  /** Ids of the agents whom its notes name. */
  readonly mentions: readonly string[];
}
type Row = NonNullable<Summary['desk']>;

const UNKNOWN: Row = ['', 2, 0, 0, [], []];

export function factsOf({ desk }: Pick<ConversationSummary, 'desk'>): Facts {
  const [team, priority, waitingSince, snoozedUntil, tags, mentions] = desk ?? UNKNOWN;
  return { team, priority, waitingSince, snoozedUntil, tags, mentions };
}

/** What an entry as it happens tells of them, as far as it does: the gateway's next row says it all. */
export function told({ desk }: Summary, entry: Entry): Partial<Summary> {
  if (desk === null) return {};
  const next: Row = [...desk];
  switch (entry.kind) {
    case 'message':
      if (entry.author.role === 'customer') next[2] ||= entry.at;
      // What a flow says answers nobody.
      else if (entry.author.role === 'agent') next[2] = 0;
      break;
    case 'status':
      if (entry.body.status === 'solved' || entry.body.status === 'closed') next[2] = 0;
      break;
    case 'ticket':
      next.splice(2, 4, 0, 0, [], []);
      break;
    case 'team':
      next[0] = entry.body.team;
      break;
    case 'priority':
      next[1] = entry.body.priority;
      break;
    case 'snooze':
      next[3] = entry.body.until;
      break;
    case 'tags':
      next[4] = entry.body.tags;
      break;
    case 'note': {
      const { mentions = [] } = entry.body as { mentions?: string[] };
      next[5] = [...next[5].filter((id) => !mentions.includes(id)), ...mentions];
      break;
    }
    default:
      return {};
  }
  return { desk: next };
}

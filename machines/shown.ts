/** What agents see of the flows on a conversation: where each stands, for what it waits, and what comes then. */
import type { Step as Task } from './flows/flow.ts';
import type { Compiled, Shelf } from './flows/run.ts';
import type { ConversationState } from './state.ts';
import { earliest } from './timers.ts';
import { ownerOf, wake } from './versions.ts';

export function runsShown({ runs, timers }: ConversationState, shelf: Shelf): RunShown[] {
  return runs.flatMap((run) => {
    const compiled = shelf.at(run.flow, run.version);
    const task = compiled?.standsAt(wake(compiled, run));
    if (compiled === undefined || task === undefined) return [];
    // What comes after a question, its answer says.
    const next = task.do === 'ask' ? undefined : doing(compiled, task);
    return [{
      run: run.id, flow: run.flow, name: compiled.flow.name, version: run.version, step: task.id, stepName: nameOf(task), waits: waitsFor(task),
      until: earliest(timers.filter(({ owner }) => owner === ownerOf(run)))?.at ?? 0, next: next === undefined ? '' : nameOf(next),
    }];
  });
}

export interface RunShown {
  run: number;
  flow: string;
  name: string;
  version: number;
  step: string;
  stepName: string;
  waits: 'reply' | 'time' | 'answer';
  /** At the latest, 0 for ever. */
  until: number;
  next: string;
}

/** What is done next, past the steps that only decide whether, or when somebody is there. */
function doing(compiled: Compiled, task: Task): Task | undefined {
  let next = compiled.behind(task.id);
  for (let steps = compiled.steps.size; next !== undefined && decides(next) && steps > 0; steps--) next = compiled.behind(next.id);
  return next;
}

function decides(task: Task): boolean {
  return task.do === 'branch' || (task.do === 'wait' && task.untilOpen !== undefined && task.forMs === undefined);
}

function nameOf({ name, do: kind }: Task): string {
  return name ?? kind;
}

function waitsFor(task: Task): RunShown['waits'] {
  if (task.do === 'http') return 'answer';
  return task.do === 'ask' || (task.do === 'wait' && task.untilReply !== undefined) ? 'reply' : 'time';
}

/** What every part of the console may use, without being handed it through all that lies between. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Agent } from '../agent.ts';
import type { Me } from '../index.ts';
import { useNow } from '../ui/moments.ts';
import type { Acting } from './acting.ts';
import type { Place } from './route.ts';
import type { Workspace } from './workspace.ts';

/** What lies above everything else. */
export type Over = 'palette' | 'keys' | 'preferences' | 'status' | 'handOver' | 'snooze' | 'priority' | 'tags' | 'macros'
  | 'runFlow' | 'reach';

export interface Console {
  readonly agent: Agent;
  readonly me: Me | null;
  readonly workspace: Workspace;
  readonly acting: Acting;
  readonly place: Place;
  /** What is searched for, in the list and everywhere. */
  readonly words: string;
  go(to: Partial<Place>): void;
  find(words: string): void;
  show(over: Over | null): void;
  /** Watches an act: what goes wrong is shown with what to do about it; what went well as `done`, with a way back. */
  watch(act: Promise<unknown>, done?: { said: string; undo?: () => Promise<unknown> }): void;
}

const Context = createContext<Console | null>(null);
export const ConsoleContext = Context.Provider;

/** The gateway's time, moving on every `everyMs`: by it customers wait and offers end, whatever this device's clock says. */
export function useGatewayNow(everyMs: number): number {
  const { agent } = useConsole();
  useNow(everyMs);
  return agent.now();
}

export function useConsole(): Console {
  const found = useContext(Context);
  if (found === null) throw new Error('A part of the console is drawn outside of it.');
  return found;
}

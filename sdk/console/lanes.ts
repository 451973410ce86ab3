/** How full an agent is: the places of each channel group, and all of them together. */
import type { DeskState } from '../agent.ts';

export interface Load {
  readonly held: number;
  readonly limit: number;
  readonly over: boolean;
}

/** Of all groups; over its limit when any one of them is. */
export function load(lanes: DeskState['lanes']): Load {
  return {
    held: lanes.reduce((sum, lane) => sum + lane.held, 0), limit: lanes.reduce((sum, lane) => sum + lane.limit, 0),
    over: lanes.some(({ held, limit }) => held > limit),
  };
}

/** Whether this group of channels holds more than it should. */
export function isOver(lanes: DeskState['lanes'], group: string): boolean {
  return lanes.some((lane) => lane.group === group && lane.held > lane.limit);
}

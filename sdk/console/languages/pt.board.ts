/** Portuguese: the supervisors' board. */
import type { BoardWords } from './en.board.ts';
import type { Some } from './fallback.ts';

export const ptBoard: Some<BoardWords> = {
};

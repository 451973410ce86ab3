/** What stands on the command line, read by a table of options; a slip is answered with the option that may be meant. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { nearest } from '../machines/nearest.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Read<O extends Options, P extends boolean> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: P }>>;

/** @param words whether it may hold more than options @throws Error in a sentence or two */
export function readLine<const O extends Options, P extends boolean>(args: readonly string[], options: O, words: P): Read<O, P> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: words });
  } catch (error) {
    // Node's own sentence goes on with advice that is not ours.
    const [what = ''] = (error instanceof Error ? error.message : '').split(/\.\s/);
    const given = /^Unknown option '-*([^']*)'/.exec(what)?.[1];
    const meant = given === undefined ? undefined : nearest(given, Object.keys(options));
    throw new Error(`${what.replace(/\.$/, '')}.${meant === undefined ? '' : ` Did you mean --${meant}?`} --help lists the options.`);
  }
}

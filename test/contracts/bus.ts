/** What every bus must do. An implementation's test hands in how to put nodes on one network, and how to cut one off. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bus } from '../../gateway/bus.ts';

export interface BusNetwork {
  bus(node: string): Promise<Bus>;
  /** The node's connection breaks. Resolves when its bus has noticed. */
  cut(node: string): Promise<void>;
  /** Resolves when it is connected again. */
  heal(node: string): Promise<void>;
  /** The node ends without a word. Resolves when the network has noticed. */
  kill(node: string): Promise<void>;
  end(): Promise<void>;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** What comes, and a way to wait for it: for so many words, or for one. */
export class Ear {
  readonly words: string[] = [];
  #waiting: { ready(): boolean; go(): void }[] = [];

  readonly hear = (bytes: Uint8Array): void => this.add(textOf(bytes));

  add(word: string): void {
    this.words.push(word);
    this.#waiting = this.#waiting.filter(({ ready, go }) => !ready() || (go(), false));
  }

  until(ready: () => boolean): Promise<void> {
    return ready() ? Promise.resolve() : new Promise((go) => { this.#waiting.push({ ready, go }); });
  }

  count(words: number): Promise<void> {
    return this.until(() => this.words.length >= words);
  }
}

/** The first answer to a question. */
export function answerTo(bus: Bus, subject: string, question: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const end = bus.ask(subject, bytesOf(question), (answer) => {
      end();
      resolve(answer && textOf(answer));
    });
  });
}

/** Everything that was said before on this node's connection has been heard by all whom it reaches on this node. */
async function settled(bus: Bus): Promise<void> {
  const end = await bus.listen('settled', (_, answer) => answer(new Uint8Array(0)));
  await answerTo(bus, 'settled', '');
  end();
}

export function busContract(name: string, make: () => Promise<BusNetwork>): void {
  describe(`${name} keeps the contract of the bus`, () => {
    let network: BusNetwork;
    let a: Bus;
    let b: Bus;
    beforeEach(async () => {
      network = await make();
      [a, b] = [await network.bus('a'), await network.bus('b')];
    });
    afterEach(() => network.end());

    it('carries a word to all who listen on its subject, this node among them, and to nobody else', async () => {
      const ears = [new Ear(), new Ear(), new Ear()] as const;
      await Promise.all([a.listen('news', ears[0].hear), b.listen('news', ears[1].hear), b.listen('news', ears[2].hear)]);
      const other = new Ear();
      await b.listen('news.deep', other.hear);
      a.publish('news', bytesOf('hello'));
      a.publish('news.deep', bytesOf('end'));
      await Promise.all([...ears, other].map((ear) => ear.count(1)));
      expect([...ears, other].map(({ words }) => words)).toEqual([['hello'], ['hello'], ['hello'], ['end']]);
    });

    it('tells nothing in the turn in which it is said', async () => {
      const ear = new Ear();
      await a.listen('news', ear.hear);
      a.publish('news', bytesOf('later'));
      const end = a.ask('nobody', bytesOf('?'), () => ear.add('nobody'));
      expect(ear.words).toEqual([]);
      await ear.count(2);
      end();
    });

    it('keeps the order from one node to another, over all subjects', async () => {
      const ear = new Ear();
      await Promise.all(['x', 'y', 'z'].map((subject) => b.listen(subject, ear.hear)));
      const said = Array.from({ length: 300 }, (_, i) => String(i));
      for (const [i, word] of said.entries()) {
        if (i % 7 === 0) a.ask('xyz'[i % 3] ?? 'x', bytesOf(word), () => undefined);
        else a.publish('xyz'[i % 3] ?? 'x', bytesOf(word));
      }
      await ear.count(said.length);
      expect(ear.words).toEqual(said);
    });

    it('gives back exactly the bytes, however long, and whatever becomes of the memory', async () => {
      const heard: Uint8Array[] = [];
      const ear = new Ear();
      await b.listen('bytes', (bytes) => { heard.push(bytes); ear.add(''); });
      const sent = [0, 1, 70_000, b.bytesMax].map((length) => new Uint8Array(length).map((_, i) => i * 31));
      for (const bytes of sent) a.publish('bytes', bytes);
      const mine = sent.map((bytes) => Buffer.from(bytes));
      for (const bytes of sent) bytes.fill(0);
      await ear.count(sent.length);
      expect(heard.map(({ length }) => length)).toEqual(sent.map(({ length }) => length));
      expect(heard.every((bytes, i) => Buffer.compare(bytes, mine[i] ?? Buffer.alloc(0)) === 0)).toBe(true);
    });

    it('refuses what is too long, and goes on', async () => {
      const long = new Uint8Array(a.bytesMax + 1);
      expect(() => a.publish('x', long)).toThrow(RangeError);
      expect(() => a.ask('x', long, () => undefined)).toThrow(RangeError);
      expect(a.connected).toBe(true);
      expect(await answerTo(a, 'x', '?')).toBeUndefined();
    });

    it('hears every word said after listening began, and none after it ended', async () => {
      for (let i = 0; i < 50; i++) {
        const ear = new Ear();
        const end = await b.listen('turn', ear.hear);
        a.publish('turn', bytesOf(String(i)));
        await ear.count(1);
        a.publish('turn', bytesOf('too late'));
        end();
        await settled(b);
        expect(ear.words).toEqual([String(i)]);
      }
    });

    it('tells every answer of everyone, until the asker has enough', async () => {
      await a.listen('who', (question, answer) => answer(bytesOf(`a: ${textOf(question)}`)));
      await b.listen('who', (question, answer) => { answer(bytesOf(`b: ${textOf(question)}`)); answer(bytesOf('b again')); });
      const ear = new Ear();
      const end = a.ask('who', bytesOf('me?'), (answer) => ear.add(answer ? textOf(answer) : 'nobody'));
      await ear.count(3);
      expect([...ear.words].sort()).toEqual(['a: me?', 'b again', 'b: me?']);
      end();

      const later = new Ear();
      let answers: ((bytes: Uint8Array) => void)[] = [];
      await b.listen('slow', (_, answer) => { answers = [...answers, answer]; later.add('asked'); });
      const stop = a.ask('slow', bytesOf('?'), () => later.add('answer'));
      await later.count(1);
      stop();
      for (const answer of answers) answer(bytesOf('too late'));
      await settled(b);
      await settled(a);
      expect(later.words).toEqual(['asked']);
    });

    it('says at once that nobody listens, once, and not when somebody does who is silent', async () => {
      const ear = new Ear();
      a.ask('nobody', bytesOf('?'), (answer) => ear.add(answer ? 'answer' : 'nobody'));
      await ear.count(1);
      const end = await b.listen('quiet', () => undefined);
      a.ask('quiet', bytesOf('?'), (answer) => ear.add(answer ? 'answer' : 'nobody'));
      await settled(a);
      expect(ear.words).toEqual(['nobody']);
      end();
      await settled(b);
      expect(await answerTo(a, 'quiet', '?')).toBeUndefined();
    });

    it('finds nobody where a node has died, and all others as before', async () => {
      await b.listen('b', (_, answer) => answer(bytesOf('b')));
      const c = await network.bus('c');
      await c.listen('c', (_, answer) => answer(bytesOf('c')));
      expect([await answerTo(a, 'b', '?'), await answerTo(a, 'c', '?')]).toEqual(['b', 'c']);
      await network.kill('b');
      expect([await answerTo(a, 'b', '?'), await answerTo(a, 'c', '?')]).toEqual([undefined, 'c']);
    });

    it('loses what is said while cut off, says so to whoever asks, and listens again afterwards', async () => {
      const ear = new Ear();
      const seen: boolean[] = [];
      a.onConnection((connected) => seen.push(connected));
      await a.listen('a', (bytes, answer) => { ear.hear(bytes); answer(bytesOf('a')); });
      await b.listen('b', (bytes, answer) => { ear.hear(bytes); answer(bytesOf('b')); });
      await b.listen('silent', () => ear.add('asked'));
      const open = new Ear();
      a.ask('silent', bytesOf('?'), (answer) => open.add(answer ? 'answer' : 'nobody'));
      await ear.count(1);
      await network.cut('a');
      await open.count(1);
      expect([a.connected, b.connected, seen, open.words]).toEqual([false, true, [false], ['nobody']]);
      a.publish('b', bytesOf('lost'));
      expect(await answerTo(a, 'b', 'lost too')).toBeUndefined();
      const late = new Ear();
      const listening = a.listen('late', late.hear);
      await network.heal('a');
      expect([a.connected, seen]).toEqual([true, [false, true]]);
      await listening;
      b.publish('late', bytesOf('heard'));
      await late.count(1);
      expect([await answerTo(a, 'b', 'back'), await answerTo(b, 'a', 'welcome')]).toEqual(['b', 'a']);
      expect([ear.words, late.words, open.words]).toEqual([['asked', 'back', 'welcome'], ['heard'], ['nobody']]);
    });

    it('has said what it was told to say before it ended', async () => {
      const ear = new Ear();
      await b.listen('x', ear.hear);
      for (let i = 0; i < 500; i++) a.publish('x', new Uint8Array(1_000).fill(i));
      await a.close();
      await network.kill('a');
      await ear.count(500);
    });

    it('ends quietly: it hears and says nothing more', async () => {
      const ear = new Ear();
      await a.listen('a', ear.hear);
      await network.cut('b');
      const waiting = b.listen('b', ear.hear);
      const refused = expect(waiting).rejects.toThrow('closed');
      await b.close();
      await refused;
      await a.close();
      await a.close();
      expect(a.connected).toBe(false);
      a.publish('a', bytesOf('nothing'));
      expect(await answerTo(a, 'a', 'nothing')).toBeUndefined();
      await expect(a.listen('a', ear.hear)).rejects.toThrow('closed');
      expect(ear.words).toEqual([]);
    });
  });
}

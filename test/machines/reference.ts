/**
 * The rules of routing once more, plainly: lists that are searched from end to end, nothing kept that can be counted. What
 * the desk does with its lanes must be what this does without.
 */
import type { DeskCommand } from '../../machines/desk.ts';
import { officeAt } from '../../machines/hours.ts';
import type { Standing } from '../../machines/routing.ts';
import type { Agent } from '../../machines/ticket.ts';
import type { Staff } from '../../machines/workspace.ts';
import { Choice, type Case, type Colleague, type Said } from './choice.ts';

export class Reference extends Choice {
  said: Said[] = [];
  offers = 0;
  turns = 0;

  /** Takes what the desk takes; for an act, the answer must be the same. */
  take(command: DeskCommand, at: number): string {
    this.at = at;
    this.said = [];
    const answer = this.#take(command) ?? 'done';
    if (answer !== 'done') return answer;
    this.#match();
    return answer;
  }

  #take(command: DeskCommand): string | undefined {
    switch (command.type) {
      case 'here': return void this.#here(command.agent, command.node);
      case 'gone': return void this.#lost((a, n) => a.id === command.agent && n === command.node);
      case 'nodes': return void this.#lost((_, n) => !command.alive.includes(n));
      case 'begin': return void this.#lost((_, n) => n === command.node);
      case 'stands': return void this.#hear(command.from.slice(-2), command.standing, command.heard, command.n);
      case 'timer': return void this.#ring();
      case 'act': return this.#act(command.who, command.name, command.args);
      case 'configure': return this.#configure({ ...this.staff, [command.section]: command.value });
      default: return undefined;
    }
  }

  // --- who is here

  known({ id, name }: Agent): Colleague {
    let agent = this.agents.find((a) => a.id === id);
    if (agent === undefined) this.agents.push(agent = { id, name, status: 'online', nodes: [], grace: 0, keep: 0, lapses: 0, last: 0, turns: {} });
    return agent;
  }

  /** Any change of an agent's presence or status, and what follows from it. */
  #change(agent: Colleague, change: Partial<Colleague>): void {
    const off = (): boolean => !this.present(agent) || agent.status === 'offline';
    const serves = (): boolean => this.present(agent) && this.takes(agent) === 'all';
    const before = { off: off(), serves: serves(), attends: this.attends(agent.id) };
    Object.assign(agent, change);
    const { keepMs } = this.staff.routing;
    if (off() !== before.off) agent.keep = off() && keepMs !== null ? this.at + keepMs : 0;
    if (serves() && !before.serves) agent.last = ++this.turns;
    if (!serves() && before.serves) for (const c of this.#sorted()) if (c.offer?.agent === agent.id) this.#passOn(c, agent.id, c.rest);
    if (this.attends(agent.id) && !before.attends) {
      for (const c of this.cases) if (c.with?.id === agent.id && c.comeBack > 0) Object.assign(c, { comeBack: 0, place: '' });
    }
  }

  #here(agent: Agent, node: string): void {
    const known = this.known(agent);
    if (!known.nodes.includes(node)) this.#change(known, { nodes: [...known.nodes, node], grace: 0 });
  }

  #lost(gone: (agent: Colleague, node: string) => boolean): void {
    for (const agent of [...this.agents].sort((a, b) => (a.id < b.id ? -1 : 1))) {
      const nodes = agent.nodes.filter((node) => !gone(agent, node));
      if (nodes.length < agent.nodes.length) this.#change(agent, { nodes, grace: nodes.length > 0 ? 0 : this.at + this.staff.routing.graceMs });
    }
  }

  // --- what time brings

  #ring(): void {
    const soon = (...times: number[]): number => Math.min(...times.filter((t) => t > 0));
    for (;;) {
      const dues = [
        ...this.agents.map((a) => ({ at: soon(a.grace, a.keep), key: `a${a.id}`, run: () => this.#agentDue(a) })),
        ...this.cases.map((c) => ({
          at: c.with !== null ? soon(c.comeBack) : c.standing.held ? Infinity : c.offer !== null ? c.offer.until : soon(c.prefer, c.fall, c.rest, c.office),
          key: `t${c.id}`, run: () => this.#caseDue(c),
        })),
      ].filter((due) => due.at <= this.at).sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
      if (dues[0] === undefined) return;
      dues[0].run();
    }
  }

  #agentDue(agent: Colleague): void {
    if (agent.grace > 0 && agent.grace <= this.at) {
      this.#change(agent, { grace: 0 });
      return this.#forget(agent.id);
    }
    agent.keep = 0;
    for (const c of this.#sorted()) if (c.with?.id === agent.id && ['open', 'new'].includes(c.standing.status)) this.#requeue(c, null, '-');
    this.#forget(agent.id);
  }

  /** Who is no member, not here and has nothing is as good as never seen. */
  #forget(id: string): void {
    const member = (a: Colleague): boolean => this.staff.agents.some(({ id }) => `a_${id}` === a.id);
    const busy = (a: Colleague): boolean => this.cases.some((c) => c.with?.id === a.id || c.offer?.agent === a.id);
    this.agents = this.agents.filter((a) => a.id !== id || member(a) || busy(a) || this.present(a));
  }

  #caseDue(c: Case): void {
    if (c.with !== null) return this.#requeue(c, null, '-');
    if (c.offer === null) return this.#mature(c);
    const agent = this.known({ id: c.offer.agent, name: '' });
    this.#passOn(c, agent.id, c.rest);
    agent.lapses += 1;
    const { lapses } = this.staff.routing;
    if (lapses > 0 && agent.lapses >= lapses) this.#change(agent, { status: 'away', lapses: 0 });
  }

  /** By conversation, as the desk goes through what an agent has. */
  #sorted = (): Case[] => [...this.cases].sort((a, b) => (a.id < b.id ? -1 : 1));

  // --- queues

  #enqueue(c: Case, to: string): void {
    const team = this.team(to);
    const picky = team.preferMs > 0 && c.standing.prefers.some((s) => !c.standing.requires.includes(s));
    Object.assign(c, {
      team: team.id, with: null, offer: null, prefer: picky ? this.at + team.preferMs : 0, fall: team.fallback === null ? 0 : this.at + team.fallback.afterMs,
      place: '', office: 0, comeBack: 0, news: true,
    });
  }

  #passOn(c: Case, agent: string, rest: number): void {
    Object.assign(c, { offer: null, asked: [...c.asked.filter((a) => a !== agent), agent], rest });
    this.#mature(c);
  }

  #mature(c: Case): void {
    const falls = c.fall > 0 && c.fall <= this.at;
    for (const moment of ['prefer', 'fall', 'rest', 'office'] as const) if (c[moment] <= this.at) c[moment] = 0;
    const to = this.team(c.team).fallback?.team;
    if (falls && to !== undefined && !c.tried.includes(to)) {
      c.tried.push(c.team);
      return this.#requeue(c, to, '-');
    }
    c.news = true;
  }

  #requeue(c: Case, team: string | null, by: string): void {
    c.sent = this.#say(c, 'requeue', `${team} by ${by}`);
    this.#enqueue(c, team ?? c.team);
  }

  #assign(c: Case, agent: Agent, by: string): void {
    c.sent = this.#say(c, 'assign', `${agent.id} by ${by}`);
    this.#hold(c, agent);
  }

  #hold(c: Case, agent: Agent): void {
    Object.assign(c, { with: agent, offer: null, asked: [], tried: [], rest: 0, prefer: 0, fall: 0, office: 0, comeBack: 0, place: '', news: false });
  }

  #say(c: Case, type: Said['type'], what: string): Said {
    const said: Said = { id: c.id, type, what: `${what}, ground ${c.standing.ticket} ${c.with?.id ?? null}`, n: Infinity };
    this.said.push(said);
    return said;
  }

  // --- what conversations tell

  #hear(id: string, standing: Standing, heard: number, told: number): void {
    const over = standing.status === 'solved' || standing.status === 'closed';
    let c = this.cases.find((one) => one.id === id);
    if (c !== undefined && (told <= c.told || standing.ticket < c.standing.ticket)) return;
    const leave = (): void => {
      this.cases = this.cases.filter((one) => one !== c);
      if (c !== undefined) this.#forget(c.with?.id ?? c.offer?.agent ?? '');
    };
    if (c === undefined || standing.ticket > c.standing.ticket) {
      leave();
      if (over) return;
      c = {
        id, standing, told, heard, sent: null, team: this.teamFor(standing), with: null, offer: null, asked: [], rest: 0, prefer: 0, fall: 0, tried: [],
        place: '', office: 0, comeBack: 0, news: false,
      };
      this.cases.push(c);
      if (standing.agent === null) return this.#enqueue(c, c.team);
      this.#taken(c, standing.agent);
      if (standing.status === 'open' && this.at - standing.since >= 60_000) this.#cameBack(c);
      return;
    }
    const was = { standing: c.standing, settled: this.settled(c) };
    Object.assign(c, { standing, heard, told });
    if (c.with === null && c.offer === null && (`${standing.requires}` !== `${was.standing.requires}` || `${standing.prefers}` !== `${was.standing.prefers}`)) c.news = true;
    // When a flow takes it away from the queue its offer goes too; when it gives it back, it comes as if it were new there.
    const other = c.with === null && standing.held !== was.standing.held;
    if (!this.settled(c)) return other ? this.#enqueue(c, c.team) : undefined;
    if (over) return leave();
    const team = this.teamFor(standing);
    if (standing.agent !== null) {
      const back = c.with?.id === standing.agent.id && !['new', 'open'].includes(was.standing.status) && standing.status === 'open';
      c.team = team;
      this.#taken(c, standing.agent);
      if (back) this.#cameBack(c);
      return;
    }
    if (c.with !== null) {
      if (was.settled && was.standing.agent?.id === c.with.id) {
        c.asked = [c.with.id];
        c.rest = this.at + this.team(c.team).offerMs;
      }
      return this.#enqueue(c, team);
    }
    if (team !== c.team) {
      Object.assign(c, { asked: [], tried: [], rest: 0 });
      return this.#enqueue(c, team);
    }
    if (other) this.#enqueue(c, team);
  }

  #taken(c: Case, agent: Agent): void {
    const { comeBack, place } = c;
    const same = c.with?.id === agent.id;
    const known = this.agents.find((a) => a.id === agent.id);
    if (!same && known !== undefined) known.last = ++this.turns;
    this.#hold(c, agent);
    if (same && c.standing.status === 'open') Object.assign(c, { comeBack, place });
  }

  #cameBack(c: Case): void {
    if (c.with === null || this.attends(c.with.id)) return;
    const { returnMs } = this.staff.routing;
    if (returnMs === 0) return this.#requeue(c, null, '-');
    this.#say(c, 'place', `away ${c.with.id} ${c.team} 0`);
    Object.assign(c, { place: 'away', comeBack: returnMs === null ? 0 : this.at + returnMs });
  }

  // --- settings

  /** Nobody's limit falls below what they hold. */
  #configure(staff: Staff): string | undefined {
    const next = new Reference(staff);
    const ids = staff.agents.map(({ id }) => `a_${id}`);
    const below = ids.some((id) => this.groups.some((group) => next.limit(id, group) < this.limit(id, group) && next.limit(id, group) < this.places(id, group)));
    if (below) return 'inUse';
    this.staff = staff;
    return undefined;
  }

  // --- acts

  #act(who: Agent, name: string, args: Readonly<Record<string, unknown>>): string | undefined {
    const refused = this.#perform(who, name, args);
    if (refused === undefined) this.known(who);
    return refused;
  }

  #perform(who: Agent, name: string, args: Readonly<Record<string, unknown>>): string | undefined {
    const { conversation, offer, agent = who.id, status } = args;
    const c = this.cases.find((one) => one.id === conversation);
    switch (name) {
      case 'status': {
        const right = this.staff.agents.find(({ id }) => `a_${id}` === who.id)?.right ?? 'agent';
        if (agent !== who.id && right === 'agent') return 'forbidden';
        const called = agent === who.id ? who.name : this.nameOf(String(agent));
        if (called === undefined) return 'invalid';
        const whose = this.known({ id: String(agent), name: called });
        if (whose.status !== status) this.#change(whose, { status: String(status), lapses: 0 });
        return undefined;
      }
      case 'handOver': return c === undefined ? 'notFound' : this.#handOver(c, who, args);
      default: {
        if (c?.offer?.agent !== who.id || c.offer.n !== offer) return 'offerGone';
        this.known(who).lapses = 0;
        if (name === 'accept') this.#assign(c, { id: who.id, name: who.name }, who.id);
        else this.#passOn(c, who.id, this.at + this.team(c.team).offerMs);
        return undefined;
      }
    }
  }

  #handOver(c: Case, who: Agent, { agent, team, over }: Readonly<Record<string, unknown>>): string | undefined {
    if (typeof team === 'string') {
      Object.assign(c, { asked: [who.id], rest: this.at + this.team(team).offerMs, tried: [] });
      return void this.#requeue(c, team, who.id);
    }
    const to = String(agent);
    const name = to === who.id ? who.name : this.nameOf(to);
    if (name === undefined || c.with?.id === to) return 'invalid';
    const mine = c.offer?.agent === to ? 1 : 0;
    if (over !== true && (!this.attends(to) || this.spare(to, this.group(c)) + mine <= 0)) return 'noCapacity';
    const known = this.agents.find((a) => a.id === to);
    if (known !== undefined) known.last = ++this.turns;
    return void this.#assign(c, { id: to, name }, who.id);
  }

  // --- who gets what

  #match(): void {
    for (let again = true; again;) {
      again = this.ranked().some((c) => {
        const agent = this.askable(c);
        if (agent !== undefined) this.#offer(c, agent);
        return agent !== undefined;
      });
    }
    for (const c of this.ranked()) if (c.news) this.#tell(c);
  }

  #offer(c: Case, agent: Colleague): void {
    const team = this.team(c.team);
    agent.last = agent.turns[team.id] = ++this.turns;
    if (c.asked.includes(agent.id)) c.asked = [];
    if (team.autoAccept) return this.#assign(c, { id: agent.id, name: agent.name }, '-');
    Object.assign(c, { offer: { agent: agent.id, n: ++this.offers, until: this.at + team.offerMs }, news: false });
  }

  #tell(c: Case): void {
    const { id, hours } = this.team(c.team);
    const { open, until } = hours === null ? { open: true, until: 0 } : officeAt(hours, this.at);
    const place = open ? 'waiting' : 'closed';
    if (place !== c.place) this.#say(c, 'place', `${place} - ${id} ${open ? 0 : until}`);
    Object.assign(c, { place, office: until, news: false });
  }
}

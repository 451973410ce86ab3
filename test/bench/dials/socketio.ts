/** Speaks Engine.IO 4 and Socket.IO 5 packets over a WebSocket, as the library's own client writes them. */
import type { Dial } from '../dial.ts';
import { Turn, Wire } from '../wire.ts';

const PATH = '/socket.io/?EIO=4&transport=websocket';
/** Engine.IO: '0' open, '2' ping, '3' pong, '4' message; Socket.IO within: '0' connect, '2' event, '3' answer. */
const CONNECT = Buffer.from('40');
const PONG = Buffer.from('3');

export const dialSocketio: Dial = async (port, parties, ear) => {
  const turn = new Turn();
  const connect = async (hear: (packet: string) => void): Promise<Wire> => {
    const wire = await Wire.open(turn, { port, path: PATH, form: 'text' });
    wire.onEnd = (why) => ear.failed(why);
    await new Promise<void>((connected) => {
      wire.onMessage = (bytes) => {
        const packet = bytes.toString('utf8');
        if (packet.startsWith('42') || packet.startsWith('43')) hear(packet);
        else if (packet === '2') wire.say(PONG);
        else if (packet.startsWith('0')) wire.say(CONNECT);
        else if (packet.startsWith('40')) connected();
        else ear.failed(`Unexpected packet ${packet.slice(0, 80)}`);
      };
    });
    return wire;
  };

  const agents = await Promise.all(Array.from({ length: parties.agents }, async (_, agent) => {
    const { promise, resolve } = watching();
    const wire = await connect((packet) => {
      if (packet.startsWith('43')) return resolve();
      const [, message] = JSON.parse(packet.slice(2)) as [string, { cmid: string }];
      ear.delivered(message.cmid);
    });
    const mine = [];
    for (let customer = agent; customer < parties.customers; customer += parties.agents) mine.push(`c${customer}`);
    wire.say(Buffer.from(`420${JSON.stringify(['watch', mine])}`));
    await promise;
    return wire;
  }));
  const customers = await Promise.all(Array.from({ length: parties.customers }, async () => {
    const asked = new Map<string, string>();
    let packets = 0;
    const wire = await connect((packet) => {
      const end = packet.indexOf('[');
      const id = packet.slice(2, end);
      const cmid = asked.get(id);
      asked.delete(id);
      const [answer] = JSON.parse(packet.slice(end)) as [{ error?: string }];
      if (answer.error !== undefined || cmid === undefined) ear.failed(answer.error ?? `Nobody asked ${packet}`);
      else ear.acked(cmid);
    });
    const say = (conversation: string, cmid: string): void => {
      const id = String(packets++);
      asked.set(id, cmid);
      wire.say(Buffer.from(`42${id}${JSON.stringify(['send', { cmid, conversation, text: parties.text }])}`));
    };
    return { wire, say };
  }));

  return {
    say: (customer, cmid) => customers[customer]?.say(`c${customer}`, cmid),
    close: () => {
      for (const wire of [...agents, ...customers.map((customer) => customer.wire)]) wire.close();
    },
  };
};

function watching() {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

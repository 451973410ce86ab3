/** Speaks with the bare `ws` peers: arrays in MessagePack, several to a WebSocket message. */
import { Packr } from 'msgpackr';
import type { Dial } from '../dial.ts';
import { Turn, Wire } from '../wire.ts';
import { ACK, DELIVERY, SEND, WATCH, WATCHING } from '../peers/ws-frames.ts';

const packr = new Packr({ useRecords: false });

export const dialWs: Dial = async (port, parties, ear) => {
  const turn = new Turn();
  const open = (): Promise<Wire> => Wire.open(turn, { port, path: '/', form: 'binary' });
  const hear = (wire: Wire, each: (frame: unknown[]) => void): void => {
    wire.onMessage = (bytes) => packr.unpackMultiple(bytes, (frame: unknown) => each(frame as unknown[]));
    wire.onEnd = (why) => ear.failed(why);
  };

  const agents = await Promise.all(Array.from({ length: parties.agents }, async (_, agent) => {
    const wire = await open();
    await new Promise<void>((watching) => {
      hear(wire, (frame) => {
        if (frame[0] === DELIVERY) ear.delivered(String(frame[3]));
        else if (frame[0] === WATCHING) watching();
      });
      const mine = [];
      for (let customer = agent; customer < parties.customers; customer += parties.agents) mine.push(customer);
      wire.say(packr.pack([WATCH, mine]));
    });
    return wire;
  }));
  const customers = await Promise.all(Array.from({ length: parties.customers }, async () => {
    const wire = await open();
    hear(wire, (frame) => {
      if (frame[0] === ACK) ear.acked(String(frame[1]));
    });
    return wire;
  }));

  return {
    say: (customer, cmid) => customers[customer]?.say(packr.pack([SEND, cmid, customer, parties.text])),
    close: () => {
      for (const wire of [...agents, ...customers]) wire.close();
    },
  };
};

/** The doors of the SDK, name by name: whoever changes them changes what others have built on. */
import { expect, test } from 'vitest';

test.each([
  ['index', ['ParleyError', 'Unauthorized', 'createClient', 'indexedDb', 'memory']],
  ['agent', ['createAgent', 'factsOf', 'fieldTypes']],
  ['node', ['NodeSocket', 'createClient', 'file']],
  ['react', ['ParleyProvider', 'useClient', 'useComposer', 'useConnection', 'useConversation', 'useConversations', 'useMe', 'useMessages', 'useOthers', 'useSummary', 'useUnread', 'useValue']],
  ['react-native', ['asyncStorage', 'createClient']],
])('%s', async (entry, names) => {
  expect(Object.keys(await import(`../../sdk/${entry}.ts`)).sort()).toEqual(names);
});

test('a client and a conversation have what they are known for', async () => {
  const { createClient } = await import('../../sdk/index.ts');
  class Silent {
    binaryType = '';
    onopen = null;
    onmessage = null;
    onclose = null;
    onerror = null;
    send(): void {}
    close(): void {}
  }
  const client = createClient({ url: 'http://gateway.test', WebSocket: Silent, getToken: async () => 'token' });
  expect(Object.keys(client).sort()).toEqual([
    'close', 'connection', 'conversation', 'conversations', 'diagnostics', 'identify', 'me', 'pause', 'resume', 'setFields', 'signOut', 'storage', 'unread',
  ]);
  expect(client.conversation()).toMatchObject({ id: expect.stringMatching(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/) });
  client.close();
});

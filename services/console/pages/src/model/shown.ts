// What a page keeps of what it is told. The console tells each caller no more than he may see; a page drops a
// second time what is not for him, before it is in its memory.
import type { AuthorityRow, StreamRow } from '../gen/exitbus/operations/v1/overview_pb';
import type { SeenHop } from '../gen/exitbus/operations/v1/message_path_pb';
import { Channel } from '../gen/exitbus/policy/v1/policy_pb';

// Open to all who may look. One that is not known here is secret.
const open = new Set([Channel.CASE, Channel.DIRECTORY, Channel.EVIDENCE]);

export const isSecret = (channel: Channel): boolean => !open.has(channel);

export function shownAuthority(row: AuthorityRow, own: string): AuthorityRow {
  if (own !== '' && row.authority === own) return row;
  return {
    ...row,
    own: false,
    channels: row.channels.filter(({ channel }) => !isSecret(channel)),
    descriptorsOpen: undefined,
    stoppedCorrespondences: undefined,
    lettersAwaitingUpgrade: undefined,
    deadlinesNear: undefined,
    deadlinesMissed: undefined,
  };
}

export function shownStream(row: StreamRow, own: string): StreamRow {
  if (!row.secret && !isSecret(row.channel)) return row;
  if (own !== '' && row.reader === own) return row;
  return { ...row, secret: true, unread: undefined, records: undefined };
}

export const isShownHop = (hop: SeenHop, own: string): boolean =>
  !isSecret(hop.channel) || (own !== '' && hop.authority === own);

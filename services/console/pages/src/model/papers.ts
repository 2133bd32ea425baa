// Certificates, keys and directories, and when they end.
import type { AuthorityRow } from '../gen/exitbus/operations/v1/overview_pb';
import type { PaperEnd } from '../gen/exitbus/operations/v1/figures_pb';
import { ms } from './times';

export interface PaperLine {
  authority: AuthorityRow;
  paper: PaperEnd | undefined; // undefined: what it has is not known
  ends_ms: number | undefined;
  standing: 'ended' | 'soon' | 'good' | 'unknown';
}

const soon_ms = 14 * 86400000;
const order = ['ended', 'unknown', 'soon', 'good'];

function paperLine(authority: AuthorityRow, paper: PaperEnd, now_ms: number): PaperLine {
  if (!paper.ends) return { authority, paper, ends_ms: undefined, standing: 'unknown' };
  const ends_ms = ms(paper.ends);
  if (ends_ms <= now_ms) return { authority, paper, ends_ms, standing: 'ended' };
  return {
    authority,
    paper,
    ends_ms,
    standing: paper.replacementRefused || ends_ms - now_ms < soon_ms ? 'soon' : 'good',
  };
}

/** What ends first stands first, but for what is not known, which may have ended. */
export function paperLines(authorities: Iterable<AuthorityRow>, now_ms: number): PaperLine[] {
  return [...authorities]
    .flatMap((authority): PaperLine[] =>
      authority.papers.length > 0
        ? authority.papers.map((paper) => paperLine(authority, paper, now_ms))
        : [{ authority, paper: undefined, ends_ms: undefined, standing: 'unknown' }],
    )
    .sort(
      (a, b) =>
        order.indexOf(a.standing) - order.indexOf(b.standing) ||
        (a.ends_ms ?? 0) - (b.ends_ms ?? 0),
    );
}

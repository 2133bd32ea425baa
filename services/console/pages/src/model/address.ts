// Where one is, as it stands in the address after '#', which no request carries:
// "#/authority/municipality-0183?state=stuck".

export interface Route {
  view: string;
  subject: string; // of the view: an id; empty: none
  choices: Readonly<Record<string, string>>; // filters and order
}

function part(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return ''; // typed wrongly by hand
  }
}

export function parse(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [view = '', ...subject] = path.split('/');
  return {
    view: part(view),
    subject: part(subject.join('/')),
    choices: Object.fromEntries(new URLSearchParams(query)),
  };
}

export function format(view: string, subject = '', choices: Record<string, string> = {}): string {
  const query = new URLSearchParams(
    Object.entries(choices).filter(([, value]) => value !== ''),
  ).toString();
  return `#/${view}${subject === '' ? '' : `/${encodeURIComponent(subject)}`}${query === '' ? '' : `?${query}`}`;
}

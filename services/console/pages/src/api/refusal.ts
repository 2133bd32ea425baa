// Why a call did not do what it was to do.
import { Code, ConnectError } from '@connectrpc/connect';
import { ErrorInfoSchema } from '../gen/google/rpc/error_details_pb';

export interface Refusal {
  rule: string; // e.g. "console.no_such_path"; empty: nobody answered, or it was no answer of ours
  message: string; // what to do, in English
  lost: boolean; // it may be otherwise if one asks again
}

export function refusalOf(thrown: unknown): Refusal {
  const error = ConnectError.from(thrown);
  const info = error.findDetails(ErrorInfoSchema).find(({ domain }) => domain === 'exitbus');
  const later = [
    Code.Unavailable,
    Code.Unknown,
    Code.DeadlineExceeded,
    Code.ResourceExhausted,
    Code.Internal,
    Code.Aborted,
  ];
  return {
    rule: info?.reason ?? '',
    message: info ? error.rawMessage : '',
    lost: !info || later.includes(error.code),
  };
}

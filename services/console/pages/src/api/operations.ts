// The console's calls.
import {
  createClient,
  encodeBinaryHeader,
  type CallOptions,
  type Interceptor,
} from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-web';
import { OperationsService } from '../gen/exitbus/operations/v1/operations_service_pb';
import { employee, purpose } from './caller';

// In base64, as a header's own letters end at Latin-1.
const encoded = (text: string): string => encodeBinaryHeader(new TextEncoder().encode(text));

const says: Interceptor = (next) => (request) => {
  if (employee.value !== '') request.header.set('exitbus-employee-bin', encoded(employee.value));
  return next(request);
};

export const operations = createClient(
  OperationsService,
  createConnectTransport({
    baseUrl: location.origin,
    useBinaryFormat: false,
    interceptors: [says],
    defaultTimeoutMs: 10000,
  }),
);

/** Of a call that has to say what it is for. */
export function withPurpose(why: string): CallOptions {
  purpose.value = why;
  return { headers: { 'exitbus-purpose-bin': encoded(why) } };
}

// Calls by Connect to the gateway that the page came from.
import { encodeBinaryHeader, type CallOptions, type Interceptor } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-web';
import { employee, purpose } from './caller';

// In base64, as a header's own letters end at Latin-1.
const encoded = (text: string): string => encodeBinaryHeader(new TextEncoder().encode(text));

const saysWho: Interceptor = (next) => (request) => {
  if (employee.value !== '') request.header.set('exitbus-employee-bin', encoded(employee.value));
  return next(request);
};

const saysWhy: Interceptor = (next) => (request) => {
  request.header.set('exitbus-purpose-bin', encoded(purpose.value));
  return next(request);
};

const transport = (interceptors: Interceptor[]) =>
  createConnectTransport({
    baseUrl: location.origin,
    useBinaryFormat: false,
    interceptors,
    defaultTimeoutMs: 10000,
  });

export const plain = transport([saysWho]);

/** Every call says the purpose that was given when one came in. */
export const purposeful = transport([saysWho, saysWhy]);

/** Of a call by `plain` that has to say what it is for. */
export function withPurpose(why: string): CallOptions {
  purpose.value = why;
  return { headers: { 'exitbus-purpose-bin': encoded(why) } };
}

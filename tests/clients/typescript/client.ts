// An authority's own system: opens a case, and answers the handovers that come.
//
// usage: node out/client.js open REQUEST_ID CPR_NUMBER NAME    prints the case's id
//        node out/client.js answer TOKEN_FILE                  goes on until it is ended
//
// The variables of a profile say where and who: EXITBUS_ADDRESS, _CA, _CERT, _KEY, _EMPLOYEE, _PURPOSE.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Metadata, type ServiceError, credentials, status } from '@grpc/grpc-js';
import { CaseServiceClient, OpenCaseRequest, OpenCaseResponse } from './exitbus/casework/v1/case_service';
import { Handover, HandoverStage, Side } from './exitbus/handover/v1/handover';
import { AcceptHandoverRequest, AgreeTermsRequest, HandoverServiceClient, WatchHandoversRequest,
  WatchHandoversResponse } from './exitbus/handover/v1/handover_service';
import { LegalBasis } from './exitbus/policy/v1/basis';
import { ErrorInfo } from './google/rpc/error_details';
import { Status } from './google/rpc/status';

const variable = (name: string) => process.env[name] ?? '';
const content = (name: string) => readFileSync(variable(name));
const to = [variable('EXITBUS_ADDRESS'),
  credentials.createSsl(content('EXITBUS_CA'), content('EXITBUS_KEY'), content('EXITBUS_CERT')),
  { 'grpc.keepalive_time_ms': 30000, 'grpc.max_reconnect_backoff_ms': 1000 }] as const;
const who = new Metadata();
who.set('exitbus-employee', variable('EXITBUS_EMPLOYEE'));
who.set('exitbus-purpose', variable('EXITBUS_PURPOSE'));

/** By which rule the service refused; none: the connection was lost, and the outcome is not known. */
function rule(error: ServiceError): string | undefined {
  const [bytes] = error.metadata?.get('grpc-status-details-bin') ?? [];
  const details = bytes ? Status.decode(bytes as Buffer).details : [];
  return details.filter((detail) => detail.typeUrl === 'type.googleapis.com/google.rpc.ErrorInfo')
    .map((detail) => ErrorInfo.decode(detail.value)).find((info) => info.domain === 'exitbus')?.reason;
}

/** Waits a moment, after which it may be tried again; if the refusal stands, throws it. */
async function again(thrown: unknown): Promise<void> {
  const error = thrown as ServiceError;
  const later = error.code === status.UNAVAILABLE || error.code === status.RESOURCE_EXHAUSTED;
  if (!(error instanceof Error && 'code' in error) || (rule(error) && !later)) throw error;
  console.log('again:', status[error.code], error.details);
  await pause(1000);
}

type Unary<Request, Response> = (request: Request, metadata: Metadata, options: { deadline: number },
  callback: (error: ServiceError | null, response: Response) => void) => unknown;

/** The answer. The same request_id is sent until there is one, so that the change happens once. */
async function call<Request, Response>(client: Client, method: Unary<Request, Response>, request: Request) {
  for (;;) {
    try {
      return await new Promise<Response>((resolve, reject) => method.call(client, request, who,
        { deadline: Date.now() + 10000 }, (error, response) => error ? reject(error) : resolve(response)));
    } catch (error) { await again(error); }
  }
}

async function open(requestId: string, cprNumber: string, name: string) {
  const client = new CaseServiceClient(...to);
  const answer = await call<OpenCaseRequest, OpenCaseResponse>(client, client.openCase, OpenCaseRequest.fromPartial(
    { requestId, person: { cprNumber, name }, legalBasis: LegalBasis.LEGAL_BASIS_FVL28 }));
  console.log('opened', answer.case?.caseId);
}

/** What is ours to do, by the stage. The etag makes the request_id: one of its own for each state seen. */
async function answerHandover(client: HandoverServiceClient, handover: Handover) {
  const { handoverId, etag, stage, terms } = handover;
  console.log('handover', handoverId, HandoverStage[stage], etag);
  if (handover.side !== Side.SIDE_RECEIVER) return;
  try {
    if (stage === HandoverStage.HANDOVER_STAGE_REQUESTED && terms.length > 0) {
      await call(client, client.agreeTerms,
        AgreeTermsRequest.fromPartial({ requestId: `agree-${etag}`, handoverId, etag }));
      console.log('agreed', handoverId);
    } else if (stage === HandoverStage.HANDOVER_STAGE_TERMS_COORDINATED) {
      await call(client, client.acceptHandover,
        AcceptHandoverRequest.fromPartial({ requestId: `accept-${etag}`, handoverId, etag }));
      console.log('accepted', handoverId);
    }
  } catch (error) { // somebody was first: the watch tells how it is now
    console.log('refused', rule(error as ServiceError), (error as ServiceError).details);
  }
}

/** Follows the handovers. A token is stored once its message is done with; with it the watch goes on. */
async function answer(file: string) {
  const client = new HandoverServiceClient(...to);
  let token = existsSync(file) ? readFileSync(file, 'utf8') : '';
  for (;;) {
    const stream = client.watchHandovers(who);
    stream.write(WatchHandoversRequest.fromPartial({ begin: { token } }));
    try {
      for await (const told of stream as AsyncIterable<WatchHandoversResponse>) {
        if (told.handover) await answerHandover(client, told.handover);
        token = told.token;
        writeFileSync(`${file}.new`, token);
        renameSync(`${file}.new`, file);
        stream.write(WatchHandoversRequest.fromPartial({ acknowledge: { token } }));
      }
    } catch (error) { await again(error); } finally { stream.cancel(); }
  }
}

const [command, ...words] = process.argv.slice(2);
if (!(command === 'open' && words.length === 3) && !(command === 'answer' && words.length === 1)) {
  console.error('say open REQUEST_ID CPR_NUMBER NAME, or answer TOKEN_FILE');
  process.exit(2);
}
(command === 'open' ? open(words[0], words[1], words[2]) : answer(words[0])).catch((error) => {
  console.error('refused', rule(error), error.details ?? error);
  process.exit(1);
}).then(() => process.exit(0));

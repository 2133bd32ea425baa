// The console's calls.
import { createClient } from '@connectrpc/connect';
import { OperationsService } from '../gen/exitbus/operations/v1/operations_service_pb';
import { plain } from './transport';

export const operations = createClient(OperationsService, plain);

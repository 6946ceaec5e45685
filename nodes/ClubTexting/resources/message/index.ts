import type { Resource } from '../../../shared/operation/types';
import { getReport } from './getReport';
import { send } from './send';

export const message: Resource = {
	option: { name: 'Message', value: 'message', description: 'Text messages (SMS)' },
	operations: [getReport, send],
	default: 'send',
};

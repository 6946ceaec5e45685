import type { Resource } from '../../../shared/operation/types';
import { send } from './send';

export const message: Resource = {
	option: { name: 'Message', value: 'message', description: 'Text messages (SMS)' },
	operations: [send],
	default: 'send',
};

import type { Resource } from '../../../shared/operation/types';
import { lookUpCarrier } from './lookUpCarrier';

export const phoneNumber: Resource = {
	option: { name: 'Phone Number', value: 'phoneNumber', description: 'What is known about a number' },
	operations: [lookUpCarrier],
	default: 'lookUpCarrier',
};

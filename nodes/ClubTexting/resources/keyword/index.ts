import type { Resource } from '../../../shared/operation/types';
import { cancel } from './cancel';
import { checkAvailability } from './checkAvailability';
import { rent } from './rent';
import { setUp } from './setUp';

export const keyword: Resource = {
	option: { name: 'Keyword', value: 'keyword', description: 'Words that people text to the short code' },
	operations: [cancel, checkAvailability, rent, setUp],
	default: 'checkAvailability',
};

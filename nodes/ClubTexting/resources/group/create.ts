import type { IDataObject } from 'n8n-workflow';
import type { ActOperation } from '../../../shared/operation/types';
import { creating, type Group } from '../../../shared/sms/groupFields';
import { createdIn, groupRequest } from '../../group';

/**
 * Source: Club Texting, REST API documentation, "Contact Groups", and the vendor's samples.
 *
 * Not confirmed with a live account: how long a name may be, and what happens to one that exists already. What the
 * provider refuses comes out as `refused`.
 */
export const create: ActOperation<{ name: string; note: string }, IDataObject, Group> = {
	...creating(),
	parameters: (read) => ({ name: read.required('name'), note: read.text('options.note') }),

	request: (_found, { name, note }) => ({
		request: groupRequest(name, note),
		parse: (data) => createdIn(data, name),
	}),
	foresee: (_found, { name, note }) => ({ name, note: note || null }),
	output: (_found, group) => group!,
};

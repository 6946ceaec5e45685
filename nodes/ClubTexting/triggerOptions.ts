import type { IWebhookFunctions } from 'n8n-workflow';
import type { Kind } from './incoming';

const EVENTS: Kind[] = ['keyword', 'reply'];

/** The events that start the workflow; both where the parameter is not there, as in a workflow written by hand. */
export function selectedEvents(context: IWebhookFunctions): unknown[] {
	const value: unknown = context.getNodeParameter('events', EVENTS) ?? EVENTS;
	return value === '' ? EVENTS : [value].flat();
}

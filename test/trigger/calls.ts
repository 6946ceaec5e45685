import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { ClubTextingTrigger } from '../../nodes/ClubTexting/ClubTextingTrigger.node';
import { createEngine, type WebhookCall, type WebhookReply } from '../engine';

export const TYPE = 'n8n-nodes-messaging-credits.clubTextingTrigger';

/** A workflow that has not heard of anything yet. */
let workflows = 0;
export const newWorkflowId = () => `trigger-${workflows++}`;

/** Calls a trigger in an engine of its own. */
export function trigger(parameters: INodeParameters = {}, node = new ClubTextingTrigger()) {
	const engine = createEngine({ nodes: { [TYPE]: node } });
	const workflowId = newWorkflowId();
	return async (call: WebhookCall) => await engine.callWebhook(TYPE, parameters, { workflowId, ...call });
}

/** What n8n hands to a node, with some of its functions replaced. */
export function withOther<T extends object>(context: T, functions: Record<string, unknown>): T {
	return new Proxy(context, {
		get: (target, name): unknown => functions[String(name)] ?? Reflect.get(target, name, target),
	});
}

/** The same, where some functions that n8n hands to the node are others. */
export function brokenTrigger(functions: Record<string, unknown>, parameters: INodeParameters = {}) {
	const node = new ClubTextingTrigger();
	const { webhook } = node;
	node.webhook = async function () {
		return await webhook.call(withOther(this, functions));
	};
	return trigger(parameters, node);
}

export const form = (fields: Record<string, string>) => ({
	method: 'POST',
	body: new URLSearchParams(fields),
});
export const json = (body: IDataObject) => ({ method: 'POST', body });
export const get = (fields: Record<string, string>) => ({ method: 'GET', query: fields });

/** What a call made of a text message, without the time. */
export function textedBy(reply: WebhookReply): IDataObject {
	const { phoneNumber, message, kind } = reply.items[0]![0]!.json;
	return { phoneNumber, message, kind };
}

import { NodeOperationError, type IHookFunctions, type IWebhookFunctions } from 'n8n-workflow';
import type { Kind } from './incoming';
import { plainText } from '../shared/operation/bounds';
import { clubTexting } from './provider';
import { assertFits, supported } from './text';
import { tokenIn, troubleWith } from './token';

const EVENTS: Kind[] = ['keyword', 'reply'];

/** The events that start the workflow; both where the parameter is not there, as in a workflow written by hand. */
export function selectedEvents(context: IWebhookFunctions): unknown[] {
	const value: unknown = context.getNodeParameter('events', EVENTS) ?? EVENTS;
	return value === '' ? EVENTS : [value].flat();
}

/** The token that calls must carry: empty where the option resolves to nothing, undefined without the option. */
export function expectedToken(context: IWebhookFunctions | IHookFunctions): string | undefined {
	const value = option(context, 'token');
	return value === undefined ? undefined : tokenIn(value);
}

/**
 * The text to send back to the person, empty for none.
 *
 * @throws NodeOperationError for one that Club Texting does not take as a message
 */
export function replyText(context: IWebhookFunctions): string {
	return messageIn(context, option(context, 'replyText'));
}

function messageIn(context: IWebhookFunctions | IHookFunctions, value: unknown): string {
	try {
		const text = plainText(value, 'Reply Text');
		if (text.trim() === '') return '';
		const message = supported(text, 'Reply Text', 'reject', clubTexting.name);
		assertFits(message, '', 'express', 'us');
		return message;
	} catch (error) {
		const trouble = (error as Error).message.replace('“Message”', '“Reply Text”');
		throw new NodeOperationError(context.getNode(), trouble, {
			description:
				'It is texted back as one message: at most 160 characters (a line break counts as two), and only letters without accents, digits, spaces and .,:;!?()~=+-_\\/@$#&%\'".',
		});
	}
}

/**
 * Checks the options when somebody publishes the workflow or listens for a test event.
 *
 * @throws NodeOperationError
 */
export function assertPublishable(context: IHookFunctions): void {
	// A check that fails while n8n starts would take the URL away, and n8n's "not registered" would be texted to people.
	if (['init', 'leadershipChange'].includes(context.getActivationMode())) return;
	assertToken(context);
	assertReplyText(context);
}

function assertToken(context: IHookFunctions): void {
	let trouble: string | undefined;
	try {
		const token = expectedToken(context);
		if (token === undefined) return;
		trouble = troubleWith(token);
	} catch (error) {
		trouble = `cannot be resolved: ${(error as Error).message}`;
	}
	if (trouble === undefined) return;
	throw new NodeOperationError(context.getNode(), `“Token” ${trouble}`, {
		description:
			'Write a long random text of letters and digits, and end the URL in your Club Texting settings with it, as in ?token=…. An expression must give the token without the data of a call. To use no token, remove the option; then anybody who knows the URL can start the workflow.',
	});
}

function assertReplyText(context: IHookFunctions): void {
	let value: unknown;
	try {
		value = option(context, 'replyText');
	} catch (error) {
		// An expression may need the text message that it answers. It is checked again when there is one.
		context.logger.debug(`“Reply Text” cannot be checked yet: ${(error as Error).message}`);
		return;
	}
	messageIn(context, value);
}

/**
 * An option as it resolves; `null` where it is there and resolves to nothing, undefined where it is not there. Each is
 * resolved by itself, so that one that fails does not take the others with it.
 */
function option(context: IWebhookFunctions | IHookFunctions, name: 'token' | 'replyText'): unknown {
	const options = context.getNode().parameters.options ?? {};
	if (typeof options !== 'object' || !(name in options)) return undefined;
	const value: unknown = context.getNodeParameter(`options.${name}`, null);
	return value ?? null;
}

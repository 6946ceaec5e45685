import {
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { messageOf } from '../shared/errors';
import { MAIN } from '../shared/operation/description';
import { collectionField, noticeField, textField } from '../shared/operation/fields';
import { madeOnce } from '../shared/values/maps';
import { Arrivals } from './arrivals';
import { incomingIn, type Incoming } from './incoming';
import { carries } from './token';
import { assertPublishable, expectedToken, replyText, selectedEvents } from './triggerOptions';

/**
 * What arrived lately, by node of a workflow. The two callbacks of one message come within milliseconds: too soon for
 * what n8n keeps in its database, which is for further webhook processes.
 */
const lately = new Map<string, Arrivals>();

export class ClubTextingTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Club Texting Trigger',
		name: 'clubTextingTrigger',
		icon: { light: 'file:../../icons/clubtexting.svg', dark: 'file:../../icons/clubtexting.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ "On " + [$parameter["events"] ?? ["keyword", "reply"]].flat().join(" or ") }}',
		description: 'Send texts, buy credits, and start when somebody texts you (new accounts: EZ Texting)',
		eventTriggerDescription: 'Waiting for a text message',
		activationMessage: 'The workflow now starts with every text message that Club Texting passes on.',
		triggerPanel: {
			header: 'Receive a text message',
			executionsHelp: {
				inactive:
					'Copy the <b>test URL</b> into your Club Texting settings, click “Execute step” and text your keyword.',
				active:
					'Texts that come in start the workflow by its <b>production URL</b>; you find the runs under “Executions”.',
			},
			activationHint:
				'Publish the workflow, then put its <b>production URL</b> into your Club Texting settings.',
		},
		hints: [
			{
				message:
					'In Club Texting, put the production URL into the API settings under “Forward incoming messages to this URL” for replies, and into the “Forward URL” of a keyword for keyword messages. Switch on the options “Send Unique Requests” and “Wait for Response From My Server”. This node changes no settings by itself.',
				type: 'info',
				location: 'ndv',
				whenToDisplay: 'always',
			},
		],
		builderHint: {
			searchHint:
				'Starts at once when somebody texts a keyword, or a customer texts us a reply; needs a public address of n8n and a URL entered at Club Texting. Without one, use Club Texting Polling Trigger.',
		},
		defaults: { name: 'Club Texting Trigger' },
		inputs: [],
		outputs: MAIN,
		webhooks: [
			{ name: 'default', httpMethod: 'GET', responseMode: 'onReceived', path: 'webhook' },
			{ name: 'setup', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook', ndvHideUrl: true },
		],
		properties: [
			{
				displayName: 'Trigger On',
				name: 'events',
				type: 'multiOptions',
				options: [
					{
						name: 'Keyword',
						value: 'keyword',
						action: 'On keyword texted',
						description: 'Somebody texts just a keyword, whose Forward URL is this node’s URL',
					},
					{
						name: 'Reply',
						value: 'reply',
						action: 'On reply received',
						description: 'Somebody answers a message, or texts more than a keyword',
					},
				],
				default: ['keyword', 'reply'],
				required: true,
				description: 'Which messages start the workflow. The others are taken in and dropped.',
			},
			noticeField(
				'Without a <b>Token</b>, whoever finds out the URL can start this workflow. Add one below: a long random text that your Club Texting settings have at the end of the URL.',
				{ hide: { '/options.token': [{ _cnd: { exists: true } }] } },
			),
			collectionField('Token and Reply Text', 'options', {
				placeholder: 'Add token or reply text',
				options: [
					textField('Reply Text', 'replyText', {
						placeholder: 'e.g. Thank you, we got your message.',
						description:
							'What Club Texting texts back to the person at once, in one message of at most 160 characters; nothing if empty',
					}),
					textField('Token', 'token', {
						typeOptions: { password: true },
						placeholder: 'e.g. f3K9xQ2mT7vL8pZ4',
						description:
							'A long random text of letters and digits that the URL has to end with, as in ?token=…, so that nobody else can start the workflow. Add it to the URL in your Club Texting settings.',
					}),
				],
			}),
		],
	};

	webhookMethods = {
		default: {
			// The URL is put into Club Texting's settings by hand: nothing is registered and nothing to take back.
			async checkExists(this: IHookFunctions) {
				assertPublishable(this);
				return true;
			},
			async create(this: IHookFunctions) {
				assertPublishable(this);
				return true;
			},
			delete: async () => true,
		},
	};

	/** Answers at once and with nothing but the reply text: whatever body comes back is texted to the person. */
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return tried(this, () => receive(this)) ?? answer(this, 200);
	}
}

function receive(context: IWebhookFunctions): IWebhookResponseData {
	if (!isAllowed(context)) return answer(context, 403);
	const incoming = incomingIn(context.getBodyData(), context.getQueryData());
	if (incoming === undefined) return answer(context, 200);
	const events = tried(context, () => selectedEvents(context)) ?? [incoming.kind];
	if (!events.includes(incoming.kind)) return answer(context, 200);
	const now = Date.now();
	if (tried(context, () => isSecondCallback(context, incoming, now))) return answer(context, 200);
	const reply = tried(context, () => replyText(context));
	return {
		...answer(context, 200, reply),
		workflowData: [[{ json: { ...incoming, receivedAt: new Date(now).toISOString() } }]],
	};
}

function isAllowed(context: IWebhookFunctions): boolean {
	const token = tried(context, () => ({ expected: expectedToken(context) })) ?? { expected: '' };
	if (token.expected === undefined) return true;
	if (token.expected !== '' && carries(context.getRequestObject().originalUrl, token.expected)) return true;
	const reason =
		token.expected === '' ? 'its option “Token” resolves to nothing' : 'its token was wrong or missing';
	context.logger.warn(`${place(context)}: a call was turned away, since ${reason}`);
	return false;
}

function isSecondCallback(context: IWebhookFunctions, incoming: Incoming, now: number): boolean {
	const node = `${context.getWorkflow().id} ${context.getNode().id}`;
	const arrivals = madeOnce(lately, node, () => new Arrivals());
	const kept = context.getWorkflowStaticData('node');
	const isSecond = arrivals.isSecondCallback(incoming, kept.arrivals, now);
	kept.arrivals = arrivals.all;
	return isSecond;
}

function answer(context: IWebhookFunctions, status: number, text = ''): IWebhookResponseData {
	tried(context, () => context.getResponseObject().status(status).type('text/plain').send(text));
	return { noWebhookResponse: true };
}

/**
 * Undefined when it fails, which is logged. What n8n answers to an error would be texted to the person, and what fails
 * beside the text message must not cost the text message.
 */
function tried<T>(context: IWebhookFunctions, attempt: () => T): T | undefined {
	try {
		return attempt();
	} catch (error) {
		context.logger.error(`${place(context)}: ${messageOf(error)}`);
		return undefined;
	}
}

function place(context: IWebhookFunctions): string {
	return `Node "${context.getNode().name}" of workflow "${context.getWorkflow().id}"`;
}

import {
	NodeOperationError,
	type IDataObject,
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { OperationError } from '../shared/errors';
import { MAIN } from '../shared/operation/description';
import { booleanField, collectionField, noticeField } from '../shared/operation/fields';
import { callbackIn, EVENTS, isSigned, typesOf, type Event } from './callback';
import { isSame, Subscriptions, type Registration } from './subscriptions';

/** What arrived lately in this process, by node: too soon for what n8n keeps in its database. */
const lately = new Map<string, string[]>();
/** So many callbacks are remembered. */
const MOST_REMEMBERED = 500;

export class EzTextingTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'EZ Texting Trigger',
		name: 'ezTextingTrigger',
		icon: { light: 'file:../../icons/eztexting.svg', dark: 'file:../../icons/eztexting.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle:
			'={{ "On " + [$parameter["events"] ?? []].flat().join(" or ").replace(/[A-Z]/g, " $&").toLowerCase() }}',
		description: 'Send texts, buy credits, and start when somebody texts you',
		eventTriggerDescription: 'Waiting for a text message',
		activationMessage: 'EZ Texting now tells this workflow of what happens in the account.',
		builderHint: {
			searchHint:
				'Starts when a text or reply comes in at EZ Texting, somebody opts out by STOP, joins by a keyword, or is added as a new contact. It registers itself; n8n needs a public address.',
		},
		defaults: { name: 'EZ Texting Trigger' },
		inputs: [],
		outputs: MAIN,
		credentials: [{ name: 'ezTextingApi', required: true }],
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' }],
		properties: [
			noticeField(
				'This node registers itself at EZ Texting when the workflow is published, and takes itself out when it no longer is. It hears of all numbers and groups of the account.',
			),
			{
				displayName: 'Trigger On',
				name: 'events',
				type: 'multiOptions',
				options: [
					{
						name: 'Contact Created',
						value: 'contactCreated',
						action: 'On contact created',
						description: 'A contact is new in the account',
					},
					{
						name: 'Keyword Opt-In',
						value: 'keywordOptIn',
						action: 'On keyword opt-in',
						description: 'Somebody joins by texting a keyword',
					},
					{
						name: 'Message Received',
						value: 'messageReceived',
						action: 'On message received',
						description: 'Somebody texts you',
					},
					{
						name: 'Opted Out',
						value: 'optedOut',
						action: 'On opt-out received',
						description: 'Somebody texts STOP or the like. Opt-outs by other ways are not told.',
					},
				],
				default: ['messageReceived', 'optedOut'],
				required: true,
			},
			collectionField('Options', 'options', {
				placeholder: 'Add option',
				options: [
					booleanField(
						'Require Signature',
						'requireSignature',
						'Whether to turn away calls without a signature. One that is there must be right in any case. Some accounts get none: with this on, they would never start the workflow.',
					),
				],
			}),
		],
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				const { registration } = keptBy(this);
				if (!registration) return false;
				const types = typesOf(eventsOf(this));
				return await withSubscriptions(this, async (own) => await own.isComplete(types, registration));
			},
			async create(this: IHookFunctions): Promise<boolean> {
				const kept = keptBy(this);
				const events = eventsOf(this);
				if (events.length === 0) {
					throw new NodeOperationError(this.getNode(), '“Trigger On” is empty', {
						description: 'Pick at least one event.',
					});
				}
				const registering = async (own: Subscriptions) =>
					await own.register(typesOf(events), kept.registration);
				kept.registration = await withSubscriptions(this, registering);
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				const kept = keptBy(this);
				await withSubscriptions(this, async (own) => await own.remove(kept.registration));
				delete kept.registration;
				return true;
			},
		},
	};

	/** Answers at once: whatever is wrong inside is no error of the provider's. */
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		try {
			return receive(this);
		} catch (error) {
			this.logger.error(`A callback of EZ Texting could not be read: ${(error as Error).message}`);
			return answer(this, 200);
		}
	}
}

interface Kept {
	registration?: Registration;
	/** What was heard, as names. */
	heard?: string[];
}

function keptBy(context: IHookFunctions | IWebhookFunctions): Kept {
	return context.getWorkflowStaticData('node');
}

function eventsOf(context: IHookFunctions | IWebhookFunctions): Event[] {
	const given = [context.getNodeParameter('events', []) as unknown].flat();
	return EVENTS.filter((event) => given.includes(event));
}

/** What to do where no clear answer came. */
const TRY_AGAIN =
	'Try once more in a few minutes: what may have been registered by now is found then, and taken out first.';

/** Works on what is registered; trouble comes out with what to do. */
async function withSubscriptions<T>(context: IHookFunctions, work: (own: Subscriptions) => Promise<T>) {
	const working = Subscriptions.open(context).then(work);
	return await working.catch((error: unknown) => {
		if (!(error instanceof OperationError)) throw error;
		const description = error.outcome === 'unknown' ? TRY_AGAIN : error.facts.advice;
		throw new NodeOperationError(context.getNode(), error.message, description ? { description } : {});
	});
}

function receive(context: IWebhookFunctions): IWebhookResponseData {
	const request = context.getRequestObject();
	const raw = Buffer.isBuffer(request.rawBody) ? request.rawBody : Buffer.alloc(0);
	const trouble = troubleWith(context, raw);
	if (trouble !== undefined) {
		context.logger.warn(`${context.getNode().name}: a callback was turned away, since ${trouble}`);
		return answer(context, 403);
	}
	const callback = callbackIn(raw, (context.getQueryData() as IDataObject).type, eventsOf(context));
	if (!callback || isHeard(context, callback.name)) return answer(context, 200);
	return { ...answer(context, 200), workflowData: [[{ json: callback.json }]] };
}

/** Why a callback is not the provider's; undefined where nothing speaks against it. */
function troubleWith(context: IWebhookFunctions, raw: Buffer): string | undefined {
	const { registration } = keptBy(context);
	const { token } = context.getQueryData() as IDataObject;
	if (!registration || typeof token !== 'string' || !isSame(token, registration.token)) {
		return 'its token is wrong or missing';
	}
	const signed = isSigned(context.getHeaderData(), raw, registration.secret);
	if (signed === false) return 'its signature is wrong';
	const isRequired = context.getNodeParameter('options.requireSignature', false) !== false;
	return signed === undefined && isRequired ? 'it is not signed' : undefined;
}

/** One text is one run, however often it is delivered. */
function isHeard(context: IWebhookFunctions, name: string): boolean {
	const kept = keptBy(context);
	const node = `${context.getWorkflow().id} ${context.getNode().id} ${context.getMode()}`;
	const here = lately.get(node) ?? [];
	const heard = [...(kept.heard ?? []), ...here];
	if (heard.includes(name)) return true;
	kept.heard = [...new Set([...heard, name])].slice(-MOST_REMEMBERED);
	lately.set(node, [...here, name].slice(-MOST_REMEMBERED));
	return false;
}

function answer(context: IWebhookFunctions, status: number): IWebhookResponseData {
	context.getResponseObject().status(status).end();
	return { noWebhookResponse: true };
}

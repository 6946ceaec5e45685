import type { ICredentialDataDecryptedObject, IDataObject, INode, INodeParameters } from 'n8n-workflow';

/** What the simulator tells whoever talks to it: where the providers are, and how to log in. */
export interface Addresses {
	/** The simulator's own, for its books. */
	url: string;
	click2mail: { baseUrl: string; username: string; password: string };
	clubTexting: { baseUrl: string; username: string; password: string; country: string };
	mailPartner: { baseUrl: string; apiKey: string };
}

/** What the simulator's books say about the runs since they were last opened. */
export interface Counted {
	messages: number;
	delivered: number;
	/** Different pairs of number and text among the delivered. */
	different: number;
}

/** One node as a workflow has it, and the data of its credentials. */
export interface Wiring {
	type: string;
	parameters: INodeParameters;
	/** Names of the credential types that the node is given; for types that the node does not declare. */
	attached?: INode['credentials'];
	onError?: INode['onError'];
	credentials: Record<string, ICredentialDataDecryptedObject>;
}

export type Work = 'campaign' | 'messages' | 'balances' | 'pages' | 'allPages' | 'topUps';

/** Work that the HTTP Request node can do in one step, too. */
export type Rivalled = Exclude<Work, 'topUps'>;

const PACKAGE = 'n8n-nodes-messaging-credits';
export const CLUB_TEXTING = `${PACKAGE}.clubTexting`;
export const SUBACCOUNT = `${PACKAGE}.mailPartnerSubaccount`;
export const HTTP_REQUEST = 'n8n-nodes-base.httpRequest';

/** Fast enough that the pace is never what a run waits for. */
export const UNPACED = 100_000;

/** What the HTTP Request node needs for more items than a machine has ports. */
export const IN_BATCHES = { batching: { batch: { batchSize: 50, batchInterval: 50 } } };

const PHONE = '={{ $json.phone }}';
export const PERSONAL_TEXT =
	'=Hello {{ $json.firstName }}, your parcel {{ $json.parcel }} is at the desk until {{ $json.until }}. Reply HELP for help.';
const ONE_TEXT =
	'The market hall opens on Saturday at 9 am. Show this message for a cup of tea. Reply STOP to end.';

const firstNames = ['Winnie', 'Piglet', 'Kanga', 'Roo', 'Tigger', 'Rabbit', 'Owl', 'Christopher'];

/** Items as a list of customers has them, no two alike. */
export function customers(count: number): IDataObject[] {
	return Array.from({ length: count }, (_, place) => ({
		id: place + 1,
		firstName: firstNames[place % firstNames.length]!,
		phone: String(2122000000 + place),
		parcel: `P-${String(place + 1).padStart(6, '0')}`,
		until: '6 pm',
	}));
}

/** Items that only count. */
export function pages(count: number): IDataObject[] {
	return Array.from({ length: count }, (_, place) => ({ page: place + 1 }));
}

/** The package's node for some work. */
export function ours(work: Work, to: Addresses, options: INodeParameters = {}): Wiring {
	switch (work) {
		case 'campaign':
		case 'messages':
			return {
				type: CLUB_TEXTING,
				parameters: {
					resource: 'message',
					operation: 'send',
					phoneNumbers: PHONE,
					message: work === 'campaign' ? ONE_TEXT : PERSONAL_TEXT,
					options: { requestsPerSecond: UNPACED },
					...options,
				},
				credentials: { clubTextingApi: { environment: 'custom', ...to.clubTexting } },
			};
		case 'balances':
			return {
				type: `${PACKAGE}.click2MailCredit`,
				parameters: { resource: 'credit', operation: 'getBalance' },
				credentials: { click2MailApi: { environment: 'custom', ...to.click2mail } },
			};
		case 'topUps':
			return {
				type: SUBACCOUNT,
				parameters: {
					resource: 'credit',
					operation: 'topUp',
					subaccount: { __rl: true, mode: 'token', value: '={{ $json.token }}' },
					minimumBalance: 10,
					amount: 10,
					spendingLimit: 100_000,
				},
				credentials: { mailPartnerApi: { environment: 'custom', ...to.mailPartner } },
			};
		case 'pages':
		case 'allPages':
			return {
				type: SUBACCOUNT,
				parameters: {
					resource: 'subaccount',
					operation: 'getAll',
					...(work === 'pages' ? { returnAll: false, limit: 20 } : { returnAll: true }),
				},
				credentials: { mailPartnerApi: { environment: 'custom', ...to.mailPartner } },
			};
	}
}

/**
 * n8n's HTTP Request node for the same work, wired as the providers' pages ask for it: the log-in in a generic
 * credential, texts and numbers as expressions. It sends all items at once; it has an option to send them in batches,
 * and none to send one after another.
 */
export function httpRequest(
	work: Exclude<Work, 'topUps'>,
	to: Addresses,
	options: INodeParameters = {},
): Wiring {
	switch (work) {
		case 'campaign':
		case 'messages': {
			const { username: User, password: Password } = to.clubTexting;
			return {
				type: HTTP_REQUEST,
				parameters: {
					method: 'POST',
					url: `${to.clubTexting.baseUrl}/sending/messages`,
					// Without this header n8n sends the form as JSON as soon as the credential adds to it.
					...generic('httpCustomAuth'),
					...header('Content-Type', 'application/x-www-form-urlencoded'),
					sendQuery: true,
					queryParameters: { parameters: [{ name: 'format', value: 'json' }] },
					sendBody: true,
					contentType: 'form-urlencoded',
					bodyParameters: {
						parameters: [
							{ name: 'PhoneNumbers[]', value: PHONE },
							{ name: 'Message', value: work === 'campaign' ? ONE_TEXT : PERSONAL_TEXT },
							{ name: 'MessageTypeID', value: '1' },
						],
					},
					options,
				},
				...attach('httpCustomAuth'),
				credentials: { httpCustomAuth: { json: JSON.stringify({ body: { User, Password } }) } },
			};
		}
		case 'balances':
			return {
				type: HTTP_REQUEST,
				parameters: {
					url: `${to.click2mail.baseUrl}/credit`,
					...generic('httpBasicAuth'),
					...header('Accept', 'application/xml'),
					options,
				},
				...attach('httpBasicAuth'),
				credentials: {
					httpBasicAuth: { user: to.click2mail.username, password: to.click2mail.password },
				},
			};
		case 'pages':
		case 'allPages':
			return {
				type: HTTP_REQUEST,
				parameters: {
					url: `${to.mailPartner.baseUrl}/subaccount/list`,
					...generic('httpQueryAuth'),
					...(work === 'pages' && {
						sendQuery: true,
						queryParameters: { parameters: [{ name: 'page', value: '1' }] },
					}),
					options: { ...options, ...(work === 'allPages' && { pagination: byPage }) },
				},
				...attach('httpQueryAuth'),
				credentials: { httpQueryAuth: { name: 'apiKey', value: to.mailPartner.apiKey } },
			};
	}
}

/** The HTTP Request node's own way through a list of pages, with no wait between them. */
const byPage: INodeParameters = {
	pagination: {
		paginationMode: 'updateAParameterInEachRequest',
		parameters: { parameters: [{ type: 'qs', name: 'page', value: '={{ $pageCount + 1 }}' }] },
		paginationCompleteWhen: 'other',
		completeExpression: '={{ $response.body.page * $response.body.nb_per_page >= $response.body.total }}',
		limitPagesFetched: false,
		requestInterval: 0,
	},
};

function header(name: string, value: string): INodeParameters {
	return { sendHeaders: true, headerParameters: { parameters: [{ name, value }] } };
}

function generic(genericAuthType: string): INodeParameters {
	return { authentication: 'genericCredentialType', genericAuthType };
}

function attach(type: string): Pick<Wiring, 'attached'> {
	return { attached: { [type]: { id: type, name: type } } };
}

/**
 * The public surface of the package, written out: what saved workflows depend on. The tests hold the nodes and
 * credentials against it in both directions; a name that changes here breaks somebody's workflow.
 */

/** A parameter or an entry of a collection. */
export interface Field {
	type:
		| 'string'
		| 'number'
		| 'boolean'
		| 'options'
		| 'multiOptions'
		| 'dateTime'
		| 'resourceLocator'
		| 'fixedCollection'
		| 'collection'
		| 'hidden';
	default: unknown;
	/** Values of a dropdown. */
	values?: string[];
	/** Modes of a resource locator. */
	modes?: string[];
	/** Of a collection. */
	entries?: Record<string, Field>;
	/** Shown only while the other parameter has this value. */
	shownFor?: Record<string, string | boolean>;
}

export interface OperationContract {
	fields: Record<string, Field>;
	/** Entries of collections, by the collection's name. */
	collections: Record<string, Record<string, Field>>;
	/** Keys of a success item, in the order of the contract. */
	output: string[];
}

/** By resource and operation. */
export type NodeContract = Record<string, Record<string, OperationContract>>;

const text: Field = { type: 'string', default: '' };
const number = (value: number): Field => ({ type: 'number', default: value });
const flag = (value: boolean): Field => ({ type: 'boolean', default: value });
const choice = (value: string, ...others: string[]): Field => ({
	type: 'options',
	default: value,
	values: [value, ...others],
});

/** Names, picked from the account's list or from an expression. */
const groupNames: Field = { type: 'multiOptions', default: [] };
const sendingWindow: Field = {
	type: 'collection',
	default: {},
	entries: {
		from: { type: 'string', default: '08:00' },
		to: { type: 'string', default: '20:00' },
		days: {
			type: 'multiOptions',
			default: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
		},
		timeZone: { type: 'string', default: 'recipient' },
		outside: choice('schedule', 'fail'),
	},
};
const limited = { returnAll: flag(false), limit: { ...number(50), shownFor: { returnAll: false } } };

const dryRun = flag(false);
const spendingLimit = number(100);
const spendingLimitInCredits = number(5000);

/** What every operation has among its options, by the provider's time-out in ms. */
const read = (timeout: number) => ({ includeRawReply: flag(false), timeout: number(timeout) });
const act = (timeout: number) => ({ ...read(timeout), idempotencyKey: text });
const spend = (timeout: number) => ({
	...act(timeout),
	maximumPerDay: number(0),
	maximumPerMonth: number(0),
});
const charge = (timeout: number) => ({ ...spend(timeout), maximumRefusalsPerDay: number(3) });

const click2Mail = { read: read(120_000), spend: spend(120_000), charge: charge(120_000) };
const clubTexting = { read: read(60_000), act: act(60_000), charge: charge(60_000) };
const ezTexting = { read: read(60_000), act: act(60_000), charge: charge(60_000) };
const mailPartner = { read: read(30_000), act: act(30_000), spend: spend(30_000) };

const payment = {
	paymentMethod: choice('storedCard', 'card'),
	storedCardLastFour: { ...text, shownFor: { paymentMethod: 'storedCard' } },
};
const subaccount: Field = {
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	modes: ['list', 'token', 'email'],
};

const address = {
	firstName: text,
	lastName: text,
	organization: text,
	address1: text,
	address2: text,
	city: text,
	state: text,
	zip: text,
	country: text,
};
const mailFields: Record<string, Field> = {
	documentSource: choice('binary', 'url'),
	binaryPropertyName: { type: 'string', default: 'data', shownFor: { documentSource: 'binary' } },
	documentUrl: { ...text, shownFor: { documentSource: 'url' } },
	...address,
	maximumCost: number(0),
	dryRun,
};
const mailOptions: Record<string, Field> = {
	...click2Mail.spend,
	mailingDate: { type: 'dateTime', default: '' },
	reference: text,
	returnAddress: { type: 'collection', default: {}, entries: address },
	submit: flag(true),
};
const mailOutput = [
	'jobId',
	'documentId',
	'addressListId',
	'pages',
	'cost',
	'state',
	'submitted',
	'alreadySubmitted',
	'abandonedJobId',
];

const keywordOutput = [
	'keywordId',
	'keyword',
	'doubleOptIn',
	'confirmMessage',
	'joinMessage',
	'forwardEmail',
	'forwardUrl',
	'contactGroups',
];
const contactOutput = [
	'contactId',
	'phoneNumber',
	'firstName',
	'lastName',
	'email',
	'note',
	'source',
	'optedOut',
	'createdAt',
	'groups',
];
const upsertOutput = [...contactOutput.slice(0, -1), 'created', 'groups'];
const incomingMessageOutput = [
	'incomingMessageId',
	'phoneNumber',
	'message',
	'subject',
	'unread',
	'folderId',
	'contactId',
	'receivedAt',
];
const groupOutput = ['groupId', 'name', 'note', 'contactCount'];
const transferOutput = ['token', 'amount', 'accountBalance', 'subaccountBalance', 'currency'];
const subaccountOutput = ['id', 'email', 'type', 'token', 'balance', 'currency', 'createdAt'];

const time: Field = { type: 'dateTime', default: '' };
const ezContactOutput = [
	...['phoneNumber', 'firstName', 'lastName', 'email', 'note', 'source', 'optedOut', 'createdAt'],
	...['groups', 'customFields'],
];
const boughtOutput = ['boughtCredits', 'creditsBefore', 'creditsAfter', 'confirmed', 'reply'];
const byNumber = { phoneNumber: text, dryRun };

const EZ_TEXTING: NodeContract = {
	message: {
		send: {
			fields: { phoneNumbers: text, message: text, dryRun },
			collections: {
				options: {
					...ezTexting.act,
					groups: groupNames,
					scheduledFor: time,
					sendingWindow,
					mediaUrl: text,
					companyName: text,
					fromNumber: text,
					invalidNumbers: choice('reject', 'drop'),
					combineItems: flag(true),
					recipientsPerRequest: number(40),
					requestsPerMinute: number(180),
				},
			},
			output: [
				...['messageId', 'recipients', 'scheduledFor', 'message', 'itemsInRequest', 'messageIds', 'groups'],
			],
		},
		getReport: {
			fields: { messageId: text },
			collections: { options: ezTexting.read },
			output: [
				...['messageId', 'delivered', 'bounced', 'queued', 'notSent', 'replied', 'optedOut', 'noAction'],
				...['recipientsCount', 'credits'],
			],
		},
		getAll: {
			fields: limited,
			collections: {
				filters: {
					direction: choice('any', 'received', 'sent'),
					phoneNumber: text,
					after: time,
					before: time,
					unread: flag(false),
					scheduled: flag(false),
				},
				options: ezTexting.read,
			},
			output: [
				...['messageId', 'direction', 'phoneNumber', 'ownNumber', 'message', 'mediaUrl', 'status', 'sentAt'],
				...['optedIn', 'optedOut'],
			],
		},
		cancel: {
			fields: { messageId: text, dryRun },
			collections: { options: ezTexting.act },
			output: ['messageId', 'deleted', 'stillScheduled'],
		},
	},
	contact: {
		upsert: {
			fields: byNumber,
			collections: {
				additionalFields: {
					firstName: text,
					lastName: text,
					email: text,
					note: text,
					groups: groupNames,
					groupsToLeave: groupNames,
					customFields: { type: 'fixedCollection', default: {} },
				},
				options: { ...ezTexting.act, createMissingGroups: flag(false) },
			},
			output: [...ezContactOutput.slice(0, -2), 'created', 'groups', 'customFields'],
		},
		get: {
			fields: { phoneNumber: text },
			collections: { options: ezTexting.read },
			output: ezContactOutput,
		},
		getAll: {
			fields: limited,
			collections: {
				filters: {
					optedOut: choice('any', 'yes', 'no'),
					group: text,
					firstName: text,
					lastName: text,
					email: text,
					source: text,
				},
				options: ezTexting.read,
			},
			output: ezContactOutput,
		},
		block: {
			fields: byNumber,
			collections: { options: ezTexting.act },
			output: ['phoneNumber', 'blocked'],
		},
		delete: {
			fields: byNumber,
			collections: { options: ezTexting.act },
			output: ['phoneNumber', 'deleted'],
		},
	},
	group: {
		getAll: { fields: limited, collections: { options: ezTexting.read }, output: groupOutput },
		create: {
			fields: { name: text, dryRun },
			collections: { options: { ...ezTexting.act, note: text } },
			output: groupOutput,
		},
	},
	keyword: {
		checkAvailability: {
			fields: { keyword: text },
			collections: { options: ezTexting.read },
			output: ['keyword', 'available'],
		},
		get: {
			fields: { keyword: text },
			collections: { options: ezTexting.read },
			output: [
				...['keywordId', 'keyword', 'doubleOptIn', 'confirmMessage', 'joinMessage', 'forwardUrl'],
				...['forwardEmails', 'groupIds'],
			],
		},
	},
	credit: {
		getBalance: {
			fields: {},
			collections: { options: ezTexting.read },
			output: ['planCredits', 'anytimeCredits', 'totalCredits'],
		},
		buy: {
			fields: {
				numberOfCredits: number(0),
				storedCardLastFour: text,
				spendingLimit: spendingLimitInCredits,
				dryRun,
			},
			collections: { options: { ...ezTexting.charge, couponCode: text } },
			output: boughtOutput,
		},
		topUp: {
			fields: {
				minimumCredits: number(100),
				numberOfCredits: number(0),
				storedCardLastFour: text,
				spendingLimit: spendingLimitInCredits,
				dryRun,
			},
			collections: { options: { ...ezTexting.charge, couponCode: text, topUpTo: number(0) } },
			output: ['toppedUp', ...boughtOutput],
		},
	},
};

/** The action nodes by type name. */
export const actionNodes: Record<string, NodeContract> = {
	click2MailCredit: {
		credit: {
			coverJob: {
				fields: { jobId: text, spendingLimit, dryRun },
				collections: { options: click2Mail.charge },
				output: ['jobId', 'needed', 'toppedUp', 'amount', 'balanceBefore', 'balanceAfter', 'currency'],
			},
			getBalance: {
				fields: {},
				collections: { options: click2Mail.read },
				output: ['balance', 'currency', 'allowNegative'],
			},
			purchase: {
				fields: { amount: number(0), spendingLimit, dryRun },
				collections: { options: { ...click2Mail.charge, readBalance: flag(true) } },
				output: [
					'purchased',
					'amount',
					'currency',
					'status',
					'description',
					'allowNegative',
					'statusUrl',
					'balance',
				],
			},
			topUp: {
				fields: { minimumBalance: number(10), amount: number(0), spendingLimit, dryRun },
				collections: { options: { ...click2Mail.charge, topUpTo: number(0) } },
				output: ['toppedUp', 'balanceBefore', 'balanceAfter', 'amount', 'currency'],
			},
		},
	},
	click2Mail: {
		letter: {
			send: {
				fields: mailFields,
				collections: {
					options: { ...mailOptions, bothSides: flag(false), certified: flag(false), color: flag(false) },
				},
				output: mailOutput,
			},
		},
		postcard: { send: { fields: mailFields, collections: { options: mailOptions }, output: mailOutput } },
		job: {
			get: {
				fields: { jobId: text },
				collections: { options: click2Mail.read },
				output: ['jobId', 'state', 'submitted'],
			},
			getCost: {
				fields: { jobId: text },
				collections: { options: click2Mail.read },
				output: ['jobId', 'cost', 'tax', 'pieces'],
			},
			submit: {
				fields: { jobId: text, maximumCost: number(0), dryRun },
				collections: { options: click2Mail.spend },
				output: ['jobId', 'submitted', 'alreadySubmitted', 'cost', 'state'],
			},
		},
	},
	clubTexting: {
		message: {
			send: {
				fields: { phoneNumbers: text, message: text, dryRun },
				collections: {
					options: {
						...clubTexting.act,
						subject: text,
						scheduledFor: { type: 'dateTime', default: '' },
						delivery: choice('express', 'standard'),
						unsupportedCharacters: choice('reject', 'replace', 'remove'),
						combineItems: flag(true),
						recipientsPerRequest: number(40),
						requestsPerSecond: number(2),
						groups: groupNames,
						sendingWindow,
					},
				},
				output: [
					'messageId',
					'recipients',
					'recipientsCount',
					'credits',
					'scheduledFor',
					'sendTime',
					'message',
					'subject',
					'delivery',
					'itemsInRequest',
					'messageIds',
					'localOptOuts',
					'globalOptOuts',
					'unlisted',
				],
			},
			getReport: {
				fields: { messageId: text },
				collections: { options: { ...clubTexting.read, includeRecipients: flag(true) } },
				output: [
					'messageId',
					'delivered',
					'bounced',
					'notAvailable',
					'notSentNoCredits',
					'notSentOptedOut',
					'recipients',
				],
			},
		},
		contact: {
			upsert: {
				fields: { phoneNumber: text, dryRun },
				collections: {
					additionalFields: {
						firstName: text,
						lastName: text,
						email: text,
						note: text,
						groups: groupNames,
					},
					options: { ...clubTexting.act, createMissingGroups: flag(false) },
				},
				output: upsertOutput,
			},
			get: {
				fields: { phoneNumber: text },
				collections: { options: clubTexting.read },
				output: contactOutput,
			},
			getAll: {
				fields: limited,
				collections: {
					filters: {
						optedOut: choice('any', 'yes', 'no'),
						group: text,
						query: text,
						source: text,
					},
					options: clubTexting.read,
				},
				output: contactOutput,
			},
			optOut: {
				fields: { phoneNumber: text, dryRun },
				collections: { options: clubTexting.act },
				output: ['contactId', 'phoneNumber', 'optedOut', 'changed'],
			},
			delete: {
				fields: { phoneNumber: text, dryRun },
				collections: { options: clubTexting.act },
				output: ['phoneNumber', 'deleted'],
			},
		},
		group: {
			getAll: {
				fields: limited,
				collections: { options: clubTexting.read },
				output: groupOutput,
			},
			create: {
				fields: { name: text, dryRun },
				collections: { options: { ...clubTexting.act, note: text } },
				output: groupOutput,
			},
		},
		incomingMessage: {
			getAll: {
				fields: limited,
				collections: { filters: { search: text, folderId: text }, options: clubTexting.read },
				output: incomingMessageOutput,
			},
			delete: {
				fields: { incomingMessageId: text, dryRun },
				collections: { options: clubTexting.act },
				output: ['incomingMessageId', 'deleted'],
			},
		},
		keyword: {
			checkAvailability: {
				fields: { keyword: text },
				collections: { options: clubTexting.read },
				output: ['keyword', 'available'],
			},
			rent: {
				fields: { keyword: text, ...payment, dryRun },
				collections: { options: clubTexting.charge },
				output: keywordOutput,
			},
			setUp: {
				fields: { keyword: text, joinMessage: text, dryRun },
				collections: {
					options: {
						...clubTexting.act,
						enableDoubleOptIn: flag(false),
						clear: groupNames,
						confirmMessage: text,
						forwardEmail: text,
						forwardUrl: text,
						contactGroups: groupNames,
					},
				},
				output: keywordOutput,
			},
			cancel: {
				fields: { keyword: text, dryRun },
				collections: { options: clubTexting.act },
				output: ['keyword', 'deleted'],
			},
		},
		credit: {
			getBalance: {
				fields: {},
				collections: { options: clubTexting.read },
				output: ['planCredits', 'anytimeCredits', 'totalCredits'],
			},
			buy: {
				fields: {
					numberOfCredits: number(0),
					...payment,
					spendingLimit: spendingLimitInCredits,
					dryRun,
				},
				collections: { options: { ...clubTexting.charge, couponCode: text } },
				output: ['boughtCredits', 'amount', 'discount', 'planCredits', 'anytimeCredits', 'totalCredits'],
			},
			topUp: {
				fields: {
					minimumCredits: number(100),
					numberOfCredits: number(0),
					...payment,
					spendingLimit: spendingLimitInCredits,
					dryRun,
				},
				collections: { options: { ...clubTexting.charge, couponCode: text, topUpTo: number(0) } },
				output: ['toppedUp', 'creditsBefore', 'creditsAfter', 'boughtCredits', 'amount'],
			},
		},
		phoneNumber: {
			lookUpCarrier: {
				fields: { phoneNumber: text },
				collections: { options: clubTexting.read },
				output: ['phoneNumber', 'carrier'],
			},
		},
	},
	ezTexting: EZ_TEXTING,
	mailPartnerSubaccount: {
		subaccount: {
			create: {
				fields: {
					type: choice('simple', 'advanced'),
					email: text,
					isBuyer: { ...flag(false), shownFor: { type: 'advanced' } },
					spendingLimit,
					dryRun,
				},
				collections: {
					additionalFields: {
						creditToAttribute: number(0),
						title: text,
						firstName: text,
						lastName: text,
					},
					options: mailPartner.spend,
				},
				output: ['token', 'email', 'type', 'confirmationSentTo', 'parentEmail'],
			},
			get: {
				fields: { subaccount },
				collections: { options: mailPartner.read },
				output: subaccountOutput,
			},
			getAll: {
				fields: { returnAll: flag(false), limit: { ...number(50), shownFor: { returnAll: false } } },
				collections: { options: { ...mailPartner.read, includeApiKeys: flag(false) } },
				output: subaccountOutput,
			},
		},
		credit: {
			getBalance: {
				fields: {},
				collections: { options: mailPartner.read },
				output: ['username', 'balance', 'emailCredits', 'currency'],
			},
			add: {
				fields: { subaccount, amount: number(0), spendingLimit, dryRun },
				collections: { options: mailPartner.spend },
				output: transferOutput,
			},
			remove: {
				fields: { subaccount, amount: number(0), dryRun },
				collections: { options: mailPartner.act },
				output: transferOutput,
			},
			topUp: {
				fields: {
					subaccount,
					minimumBalance: number(10),
					amount: number(0),
					spendingLimit,
					dryRun,
				},
				collections: { options: { ...mailPartner.spend, topUpTo: number(0) } },
				output: [
					'token',
					'toppedUp',
					'balanceBefore',
					'balanceAfter',
					'amount',
					'accountBalance',
					'currency',
				],
			},
		},
	},
};

/** The parameters of the trigger node. */
export const trigger = {
	name: 'clubTextingTrigger',
	events: ['keyword', 'reply'],
	options: { token: text, replyText: text },
};

/** The parameters of the trigger that registers itself. */
export const registeringTrigger = {
	name: 'ezTextingTrigger',
	events: ['messageReceived', 'optedOut', 'keywordOptIn', 'contactCreated'],
	default: ['messageReceived', 'optedOut'],
	options: { requireSignature: flag(false) },
};

/** Not shown: n8n's nodes panel names by it what the trigger does. */
const onLowBalance: Field = { type: 'hidden', default: 'lowBalance' };

/** The parameters of the polling triggers, all shown as long as none of them hides another. */
export const pollingTriggers: Record<string, { fields: Record<string, Field>; output: string[] }> = {
	click2MailCreditTrigger: {
		fields: { event: onLowBalance, threshold: number(10) },
		output: ['balance', 'currency', 'allowNegative', 'threshold', 'reason'],
	},
	clubTextingCreditTrigger: {
		fields: { event: onLowBalance, threshold: number(100) },
		output: ['totalCredits', 'planCredits', 'anytimeCredits', 'threshold', 'reason'],
	},
	clubTextingPollingTrigger: {
		fields: { event: choice('messageReceived', 'contactOptedOut') },
		output: [...incomingMessageOutput, ...contactOutput],
	},
	ezTextingCreditTrigger: {
		fields: { event: onLowBalance, threshold: number(100) },
		output: ['totalCredits', 'planCredits', 'anytimeCredits', 'threshold', 'reason'],
	},
	mailPartnerSubaccountTrigger: {
		fields: {
			event: choice('lowBalance', 'lowSubaccountBalance', 'subaccountCreated'),
			threshold: number(10),
		},
		output: ['username', 'balance', 'emailCredits', 'currency', 'threshold', 'reason', ...subaccountOutput],
	},
};

/** What each of them has among its options that has a threshold. */
export const pollingOptions = { remindAfterHours: number(24) };

export interface CredentialContract {
	fields: Record<string, Field & { secret?: true }>;
	/** Who tests it: the credential's own request, or a node's method. */
	test: 'request' | 'node';
}

const baseUrl = { ...text, shownFor: { environment: 'custom' } };
const secret = { ...text, secret: true as const };

export const credentials: Record<string, CredentialContract> = {
	click2MailApi: {
		fields: {
			environment: choice('production', 'staging', 'custom'),
			baseUrl,
			username: text,
			password: secret,
		},
		test: 'request',
	},
	clubTextingApi: {
		fields: {
			environment: choice('production', 'ezTexting', 'groupTexting', 'tellMyCell', 'custom'),
			baseUrl,
			username: text,
			password: secret,
			country: choice('us', 'ca'),
		},
		test: 'request',
	},
	ezTextingApi: {
		fields: { environment: choice('production', 'custom'), baseUrl, username: text, password: secret },
		test: 'request',
	},
	mailPartnerApi: {
		fields: { environment: choice('production', 'smsPartner', 'custom'), baseUrl, apiKey: secret },
		test: 'request',
	},
	paymentCardApi: {
		fields: {
			cardType: choice('visa', 'masterCard', 'amex', 'discover'),
			number: secret,
			expirationMonth: text,
			expirationYear: text,
			securityCode: secret,
			firstName: text,
			lastName: text,
			street: text,
			city: text,
			state: text,
			zip: text,
			country: { type: 'string', default: 'US' },
		},
		test: 'node',
	},
};

/** Which credentials a node asks for, and for which operations where not for all. */
export const credentialsOf: Record<string, Record<string, string[] | 'all'>> = {
	click2Mail: { click2MailApi: 'all' },
	click2MailCredit: { click2MailApi: 'all', paymentCardApi: ['coverJob', 'purchase', 'topUp'] },
	clubTexting: { clubTextingApi: 'all', paymentCardApi: ['buy', 'rent', 'topUp'] },
	ezTexting: { ezTextingApi: 'all' },
	ezTextingCreditTrigger: { ezTextingApi: 'all' },
	ezTextingTrigger: { ezTextingApi: 'all' },
	mailPartnerSubaccount: { mailPartnerApi: 'all' },
	clubTextingTrigger: {},
	click2MailCreditTrigger: { click2MailApi: 'all' },
	clubTextingCreditTrigger: { clubTextingApi: 'all' },
	clubTextingPollingTrigger: { clubTextingApi: 'all' },
	mailPartnerSubaccountTrigger: { mailPartnerApi: 'all' },
};

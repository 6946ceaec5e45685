import type { IDataObject } from 'n8n-workflow';
import type { OperationError } from '../errors';
import type { Asking } from '../operation/acts';
import type { HttpRequest } from '../provider';
import type { Batch, Campaign } from './plan';
import type { Receipt, Sent } from './receipt';

/** What became of an item's numbers, as its requests were answered. */
export interface Answered {
	/** Those that nothing speaks against. */
	recipients: string[];
	localOptOuts: string[];
	globalOptOuts: string[];
	/** Those that an answer names neither way. */
	unlisted: string[];
	sent: Sent;
	receipts: Receipt[];
	/** What the items of every provider have. */
	common: IDataObject;
}

/** What of a batch a request says. */
export type RequestedBatch = Pick<Batch, 'numbers' | 'groups' | 'campaign'>;

/** How a provider is asked to send texts, and what it answers. */
export interface SmsWire {
	/** Finds out what only asking can tell, such as the IDs of groups. @throws OperationError */
	resolve: (campaign: Campaign, asking: Asking) => Promise<Campaign>;
	request: (batch: RequestedBatch) => HttpRequest;
	/** @throws UnrecognisedReply without an ID */
	receiptIn: (data: unknown, batch: RequestedBatch) => Receipt;
	itemOf: (answered: Answered) => IDataObject;
	/** What of that is certain beforehand, in the same order. */
	foresee: (planned: Pick<Answered, 'recipients' | 'sent' | 'common'>) => IDataObject;
	/** Whether a request was refused because of a number in it; then nothing of it was sent. */
	isAboutNumbers: (refusal: OperationError) => boolean;
}

import type { IDataObject } from 'n8n-workflow';
import { idIn } from '../../provider';
import { namedGroups } from '../../../shared/sms/groups';
import type { SmsWire } from '../../../shared/sms/wire';
import { filled } from '../../../shared/values/filled';
import { GROUP_BOOK } from '../../group';
import { MESSAGES } from '../../message';
import { wireNumber } from '../../values';

/**
 * How EZ Texting is asked to send; its extras are, where there are any, under `r` what stands in a request as it is, under
 * `d` that numbers that are none are dropped, and under `g` the names of groups, whose IDs a request has. Source: EZ Texting, API reference, "Create Message".
 */
export const EZ_TEXTING_WIRE: SmsWire = {
	async resolve(campaign, asking) {
		if (campaign.groups.length === 0) return campaign;
		const { known: groups } = await namedGroups(campaign.groups, GROUP_BOOK, asking, 'Groups');
		return {
			...campaign,
			groups: groups.map(({ groupId }) => groupId),
			extras: { ...campaign.extras, g: groups.map(({ name }) => name) },
		};
	},
	request({ numbers, groups, campaign: { message, extras, stampToSend } }) {
		return {
			method: 'POST',
			path: MESSAGES.path,
			json: {
				...filled({ toNumbers: numbers.map(wireNumber), groupIds: groups, message }),
				...(stampToSend !== undefined && { sendAt: atOffset(stampToSend) }),
				...(extras.r as IDataObject | undefined),
				strictValidation: extras.d !== true,
			},
		};
	},
	receiptIn: (data) => ({ id: idIn(data), c: null, n: null, t: null }),
	itemOf: ({ recipients, sent, common: { messageId, ...common } }) => ({
		messageId,
		recipients,
		...common,
		groups: sent.g ?? [],
	}),
	foresee: ({ recipients, sent, common }) => ({ recipients, ...common, groups: sent.g ?? [] }),
	/** Its words for it are not known; under strict validation nothing of such a request is sent. */
	isAboutNumbers: ({ message, facts }) =>
		facts.httpStatus === 400 && /\b(numbers?|toNumbers|recipients?|phones?)\b|\b1?\d{10}\b/i.test(message),
};

/** With the offset written out, as the reference has it. */
function atOffset(stamp: number): string {
	return new Date(stamp * 1000).toISOString().replace('.000Z', '+00:00');
}

import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { MAIL_PARTNER_HOSTS } from '../nodes/MailPartnerSubaccount/hosts';
import { assertGoesTo, baseUrlExpression, baseUrlOf } from '../nodes/shared/http/baseUrl';

/** n8n has one text for all environments. */
const BRAND = 'MailPartner (or SMS Partner)';

/**
 * API key of an account at MailPartner or SMS Partner: it stands in the JSON body of a POST and in the query of a GET. Source:
 * MailPartner, sub-account pages and introduction.
 */
export class MailPartnerApi implements ICredentialType {
	name = 'mailPartnerApi';

	displayName = 'MailPartner API';

	icon = { light: 'file:../icons/mailpartner.svg', dark: 'file:../icons/mailpartner.dark.svg' } as const;

	documentationUrl =
		'https://github.com/messaging-credits/n8n-nodes-messaging-credits/blob/main/docs/credentials.md#mailpartner-api';

	properties: INodeProperties[] = [
		{
			displayName: 'Environment',
			name: 'environment',
			type: 'options',
			options: [
				{
					name: 'Custom',
					value: 'custom',
					description: 'A gateway of your company or a test server',
				},
				{
					name: 'Production',
					value: 'production',
					description: 'Real credit of a MailPartner account, at api.mailpartner.fr',
				},
				{
					name: 'SMS Partner',
					value: 'smsPartner',
					description: 'Real credit of an SMS Partner account, at api.smspartner.fr',
				},
			],
			default: 'production',
			description: 'The brand that the account is with; both have the same sub-accounts',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://gateway.example.com/v1',
			displayOptions: { show: { environment: ['custom'] } },
			description:
				'The address that stands for https://api.mailpartner.fr/v1. It has to be https, or http on this machine.',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'The key of the main account, in the brand’s dashboard under API. Sub-accounts have to be enabled by the brand.',
		},
	];

	/** Adds the key, and only to a request to the credential's own base URL. */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		assertGoesTo(baseUrlOf(credentials, MAIL_PARTNER_HOSTS), requestOptions);
		const login = { apiKey: credentials.apiKey as string };
		if (requestOptions.method === 'POST') {
			return { ...requestOptions, body: { ...login, ...(requestOptions.body as IDataObject | undefined) } };
		}
		return { ...requestOptions, qs: { ...requestOptions.qs, ...login } };
	}

	test: ICredentialTestRequest = {
		request: {
			baseURL: baseUrlExpression(MAIL_PARTNER_HOSTS),
			url: '/me',
			disableFollowRedirect: true,
		},
		rules: [
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'success',
					value: false,
					message: `${BRAND} does not accept this API key.`,
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 400,
					message: `${BRAND} does not accept this API key.`,
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message: `${BRAND} does not accept this API key.`,
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message: `${BRAND} does not accept this API key, or not from the IP address of this n8n.`,
				},
			},
			{
				// n8n compares with the value that stands at the key: undefined where there is none.
				type: 'responseSuccessBody',
				properties: {
					key: 'credits.balance',
					value: undefined,
					message: `What answers at this address is not ${BRAND}. Check the environment and the base URL.`,
				},
			},
		] as ICredentialTestRequest['rules'],
	};
}

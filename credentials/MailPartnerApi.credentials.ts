import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IDataObject,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { MAIL_PARTNER_HOSTS } from '../nodes/MailPartnerSubaccount/hosts';
import { assertGoesTo, baseUrlOf } from '../nodes/shared/http/baseUrl';

/**
 * API key of a MailPartner account: it stands in the JSON body of a POST and in the query of a GET. Source:
 * MailPartner, sub-account pages and introduction.
 */
export class MailPartnerApi implements ICredentialType {
	name = 'mailPartnerApi';

	displayName = 'MailPartner API';

	icon = { light: 'file:../icons/mailpartner.svg', dark: 'file:../icons/mailpartner.dark.svg' } as const;

	documentationUrl = 'https://www.docpartner.dev/api/mail-partner';

	properties: INodeProperties[] = [
		{
			displayName: 'Environment',
			name: 'environment',
			type: 'options',
			options: [
				{
					name: 'Production',
					value: 'production',
					description: 'Real credit, at api.mailpartner.fr',
				},
				{
					name: 'Custom',
					value: 'custom',
					description: 'A gateway of your company or a test server',
				},
			],
			default: 'production',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'https://gateway.example.com/v1',
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
				'The key of the main account, in MailPartner’s dashboard under API. Sub-accounts have to be enabled by MailPartner.',
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
			baseURL:
				'={{ $credentials.environment === "custom" ? $credentials.baseUrl.trim() : "https://api.mailpartner.fr/v1" }}',
			url: '/me',
			disableFollowRedirect: true,
		},
		rules: [
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'success',
					value: false,
					message: 'MailPartner does not accept this API key.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 400,
					message: 'MailPartner does not accept this API key.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message: 'MailPartner does not accept this API key.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message: 'MailPartner does not accept this API key, or not from the IP address of this n8n.',
				},
			},
			{
				// n8n compares with the value that stands at the key: undefined where there is none.
				type: 'responseSuccessBody',
				properties: {
					key: 'credits.balance',
					value: undefined,
					message: 'What answers at this address is not MailPartner. Check the environment and the base URL.',
				},
			},
		] as ICredentialTestRequest['rules'],
	};
}

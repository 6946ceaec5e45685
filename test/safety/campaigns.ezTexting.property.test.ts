import { playCampaigns } from './campaigns';

it('any campaign, any fault, any retry', async () => await playCampaigns('ezTexting'), 1_800_000);

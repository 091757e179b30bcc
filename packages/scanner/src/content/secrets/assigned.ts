/** Values that are secrets where their provider is named beside them. */
export interface AssignedShape {
  type: string;
  words: readonly string[];
  value: RegExp;
}

const hex = (count: number | string): RegExp => new RegExp(`^[a-f0-9]{${count}}$`, "i");
const alnum = (count: number | string): RegExp => new RegExp(`^[a-z0-9]{${count}}$`, "i");
const word = (count: number | string): RegExp => new RegExp(`^[\\w=-]{${count}}$`, "i");
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function shapes(table: readonly (readonly [string, string, RegExp])[]): AssignedShape[] {
  return table.map(([type, words, value]) => ({ type, words: words.split(" "), value }));
}

export const ASSIGNED: readonly AssignedShape[] = shapes([
  ["aws-secret-key", "aws_secret aws.secret secretaccesskey secret_access_key", /^[A-Za-z0-9/+]{40}$/],
  [
    "azure-key",
    "azure_openai azure_api cognitive_service azure-key azure_key",
    /^(?:[a-f0-9]{32}|[A-Za-z0-9]{84})$/,
  ],
  ["adafruit", "adafruit", word(32)],
  ["adobe", "adobe", hex(32)],
  ["airtable", "airtable", alnum(17)],
  ["algolia", "algolia", alnum(32)],
  ["alibaba", "alibaba aliyun", alnum(30)],
  ["asana", "asana", /^(?:\d{16}|[a-z0-9]{32})$/i],
  ["atlassian", "atlassian confluence jira", /^[a-z0-9]{20}[a-f0-9]{4}$|^[a-z0-9]{24}$/i],
  ["beamer", "beamer", /^b_[a-z0-9=_-]{44}$/i],
  ["bitbucket", "bitbucket", word("32}|[\\w=-]{64")],
  ["bittrex", "bittrex", alnum(32)],
  ["cisco-meraki", "meraki", /^[0-9a-f]{40}$/],
  ["cloudflare", "cloudflare", /^(?:[\w-]{40}|[a-f0-9]{37})$/i],
  ["codecov", "codecov", alnum(32)],
  ["cohere", "cohere co_api_key", alnum(40)],
  ["coinbase", "coinbase", word(64)],
  ["confluent", "confluent", alnum("16}|[a-z0-9]{64")],
  ["contentful", "contentful", word(43)],
  ["datadog", "datadog", alnum(40)],
  ["defined-networking", "dnkey", /^dnkey-[a-z0-9=_-]{26}-[a-z0-9=_-]{52}$/i],
  ["discord", "discord", /^(?:[a-f0-9]{64}|\d{18}|[\w=-]{32})$/i],
  ["droneci", "droneci", alnum(32)],
  ["dropbox", "dropbox", /^(?:[a-z0-9]{15,16}|[a-z0-9]{11}A{10}[a-z0-9\-_=]{43}|sl\.[a-z0-9\-=_]{135})$/i],
  ["etsy", "etsy", alnum(24)],
  ["facebook", "facebook", /^(?:[a-f0-9]{32}|\d{15,16}(?:\||%7C)[\w-]{27,40})$/i],
  ["fastly", "fastly", word(32)],
  ["finicity", "finicity", /^(?:[a-f0-9]{32}|[a-z0-9]{20})$/i],
  ["finnhub", "finnhub", alnum(20)],
  ["flickr", "flickr", alnum(32)],
  ["freshbooks", "freshbooks", alnum(64)],
  ["gitter", "gitter", word(40)],
  ["gocardless", "gocardless", /^live_[\w=-]{40}$/i],
  ["heroku", "heroku", UUID],
  ["hubspot", "hubspot", UUID],
  ["intercom", "intercom", word(60)],
  ["jfrog", "jfrog artifactory bintray xray", alnum("64}|[a-z0-9]{73")],
  ["kraken", "kraken", /^[\w=+/-]{80,90}$/i],
  ["kucoin", "kucoin", /^(?:[a-f0-9]{24}|[0-9a-f]{8}-[0-9a-f-]{27})$/i],
  ["launchdarkly", "launchdarkly", word(40)],
  ["linear", "linear", hex(32)],
  ["linkedin", "linkedin linked_in linked-in", alnum("14}|[a-z0-9]{16")],
  ["lob", "lob", /^(?:live|test)_(?:pub_)?[a-f0-9]{31,35}$/i],
  ["looker", "looker", alnum("20}|[a-z0-9]{24")],
  ["mailchimp", "mailchimp", /^[a-f0-9]{32}-us\d{1,3}$/i],
  ["mailgun", "mailgun", /^(?:key|pubkey)-[a-f0-9]{32}$|^[a-h0-9]{32}-[a-h0-9]{8}-[a-h0-9]{8}$/i],
  ["mapbox", "mapbox", /^pk\.[a-z0-9]{60}\.[a-z0-9]{22}$/i],
  ["mattermost", "mattermost", alnum(26)],
  ["messagebird", "messagebird message-bird message_bird", /^(?:[a-z0-9]{25}|[0-9a-f]{8}-[0-9a-f-]{27})$/i],
  ["netlify", "netlify", word("40,46")],
  ["newrelic", "new-relic newrelic new_relic", alnum(64)],
  ["nytimes", "nytimes new-york-times newyorktimes", word(32)],
  ["okta", "okta", /^00[\w=-]{40}$/],
  ["plaid", "plaid", alnum("24}|[a-z0-9]{30")],
  ["privateai", "privateai private_ai private-ai", /^[a-z0-9]{32}$/],
  ["rapidapi", "rapidapi", word(50)],
  ["sendbird", "sendbird", /^(?:[a-f0-9]{40}|[0-9a-f]{8}-[0-9a-f-]{27})$/i],
  ["sentry", "sentry", hex(64)],
  ["sidekiq", "bundle_enterprise__contribsys__com bundle_gems__contribsys__com", /^[a-f0-9]{8}:[a-f0-9]{8}$/],
  ["snyk", "snyk", UUID],
  ["sonar", "sonar", /^(?:squ_|sqp_|sqa_)?[a-z0-9=_-]{40}$/i],
  ["sourcegraph", "sourcegraph", hex(40)],
  ["squarespace", "squarespace", UUID],
  ["sumologic", "sumo", /^(?:su[a-zA-Z0-9]{12}|(?=.*\d)[a-zA-Z0-9]{64})$/],
  ["telegram", "telegr", /^\d{5,16}:a[\w-]{34}$/i],
  ["travisci", "travis", alnum(22)],
  ["twitch", "twitch", alnum(30)],
  [
    "twitter",
    "twitter",
    /^(?:[a-z0-9]{45}|\d{15,25}-[a-z0-9]{20,40}|[a-z0-9]{25}|[a-z0-9]{50}|A{22}[\w%]{80,100})$/i,
  ],
  ["yandex", "yandex", /^(?:t1\.[A-Z0-9a-z_-]+=?=?\.[A-Z0-9a-z_-]{86}=?=?|AQVN[\w-]{35,38}|YC[\w-]{38})$/i],
  ["zendesk", "zendesk", alnum(40)],
  ["openai", "openai_api openai.api", /^sk-[\w-]{40,160}$/],
  ["weights-and-biases", "wandb", /^[a-f0-9]{40}$/],
  ["mistral", "mistral_api", alnum(32)],
  ["together", "together_api", hex(64)],
]);

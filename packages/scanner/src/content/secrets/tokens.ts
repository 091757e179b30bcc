import {
  endsInChecksum,
  hasDigit,
  isJsonWebToken,
  isLiveDatabase,
  isMixedCase,
  isPrivateKey,
} from "./checksum.js";

/** A secret that its own form gives away. */
export interface TokenShape {
  type: string;
  /** Words of which one stands in every such token. */
  words: readonly string[];
  /** The whole token, from its first character on. */
  pattern: RegExp;
  /** Most characters that stand before the word. */
  before: number;
  /** Where the token begins when how much stands before the word varies: the characters to go back over. */
  back?: RegExp;
  /** Least bits of entropy for each character. */
  entropy: number;
  /** What fails it is no secret at all. */
  must?: (token: string) => boolean;
  /** What fails it is only `likely`. */
  proof?: (token: string) => boolean;
  /** Never surer than `likely`: the form also stands for other things. */
  weak?: boolean;
}

const BEFORE_TOKEN = 0;

function token(
  type: string,
  word: string | readonly string[],
  rest: string,
  more: Partial<TokenShape> = {},
): TokenShape {
  const words = typeof word === "string" ? [word] : word;
  const heads = words.map((text) => text.replace(/[.|$*+?()[\]]/g, "\\$&")).join("|");
  const pattern = new RegExp(`(?:${heads})${rest}`, "y");
  return { type, words, pattern, before: BEFORE_TOKEN, entropy: 3, ...more };
}

/** The pattern is written out because the word stands inside it. */
function around(
  type: string,
  words: readonly string[],
  pattern: RegExp,
  before: number,
  more: Partial<TokenShape> = {},
): TokenShape {
  return { type, words, pattern, before, entropy: 3, ...more };
}

const HEX_DIGITS = "0123456789abcdef".split("");
const DIGITS = "0123456789".split("");

const CLOUD: readonly TokenShape[] = [
  token("aws-access-key-id", ["AKIA", "ASIA", "ABIA", "ACCA"], "[A-Z2-7]{16}", {
    entropy: 2.8,
    proof: hasDigit,
  }),
  token("aws-access-key-id", ["AKIA", "ASIA", "ABIA", "ACCA"], "[A-Z0-9]{16}", { weak: true }),
  token("aws-bedrock-key", "ABSK", "[A-Za-z0-9+/]{109,269}={0,2}"),
  token("aws-bedrock-key", "bedrock-api-key-", "YmVkcm9jay5hbWF6b25hd3MuY29t[A-Za-z0-9+/=]{0,4000}"),
  token("gcp-api-key", "AIza", "[\\w-]{35}", { entropy: 4 }),
  around("gcp-service-account", ["service_account"], /"type"\s{0,4}:\s{0,4}"service_account"/y, 14, {
    entropy: 0,
    weak: true,
  }),
  token("gcp-oauth-secret", "GOCSPX-", "[\\w-]{28}"),
  around(
    "azure-client-secret",
    DIGITS.map((digit) => `${digit}Q~`),
    /[\w~.]{3}\dQ~[\w~.-]{31,34}/y,
    3,
    { entropy: 3.3 },
  ),
  around("azure-storage-key", ["AccountKey="], /AccountKey=[A-Za-z0-9+/]{86}==/y, 0, { entropy: 4 }),
  around("azure-signature", ["sig="], /[?&]sig=[A-Za-z0-9%]{43,63}%3D/y, 1, { entropy: 4 }),
  token("alibaba-key-id", "LTAI", "[a-zA-Z0-9]{20}"),
  token("tencent-key-id", "AKID", "[a-zA-Z0-9]{32}", { entropy: 4 }),
  token("digitalocean-token", ["dop_v1_", "doo_v1_", "dor_v1_"], "[a-f0-9]{64}"),
  token("cloudflare-origin-key", "v1.0-", "[a-f0-9]{24}-[a-f0-9]{146}"),
  token("databricks-token", "dapi", "[a-f0-9]{32}(?:-\\d)?"),
  token("heroku-key", "HRKU-AA", "[\\w-]{58}", { entropy: 4 }),
  token("flyio-token", "fo1_", "[\\w-]{43}"),
  token("flyio-token", ["fm1r_", "fm1a_", "fm2_"], "[A-Za-z0-9+/]{100,2000}={0,3}", { entropy: 4 }),
  token("planetscale-token", ["pscale_tkn_", "pscale_oauth_", "pscale_pw_"], "[\\w=.-]{32,64}"),
  token("pulumi-token", "pul-", "[a-f0-9]{40}"),
  around("terraform-token", [".atlasv1."], /[a-z0-9]{14}\.atlasv1\.[a-z0-9\-_=]{60,70}/iy, 14, {
    entropy: 3.5,
  }),
  token("vault-token", "hvs.", "[\\w-]{90,120}"),
  token("vault-token", "hvb.", "[\\w-]{138,300}", { entropy: 4 }),
  around(
    "vault-token",
    [" s.", '"s.', "'s.", "=s.", ":s."],
    /[ "'=:]s\.(?=[a-zA-Z0-9]{0,23}\d)[a-zA-Z0-9]{24}(?![a-zA-Z0-9])/y,
    0,
    { entropy: 3.5, weak: true },
  ),
  token("scalingo-token", "tk-us-", "[\\w-]{48}"),
  token("yandex-key", "AQVN", "[A-Za-z0-9_-]{35,38}", { entropy: 3.5 }),
  token("openshift-token", "sha256~", "[\\w-]{43}"),
  token("age-secret-key", "AGE-SECRET-KEY-1", "[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}", { entropy: 0 }),
];

const CODE: readonly TokenShape[] = [
  token("github-token", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], "[0-9a-zA-Z]{36}", {
    proof: endsInChecksum,
  }),
  token("github-token", "github_pat_", "\\w{82}"),
  token(
    "gitlab-token",
    ["glpat-", "glrt-", "gldt-", "glft-", "glsoat-", "glffct-"],
    "[\\w-]{20,27}(?:\\.[0-9a-z]{9})?",
  ),
  token("gitlab-token", "glrt-t", "\\d_[\\w-]{27,300}\\.[0-9a-z]{2}[a-z0-9]{7}"),
  token("gitlab-token", "glpat-", "[\\w-]{27,300}\\.[0-9a-z]{2}[a-z0-9]{7}"),
  token("gitlab-token", "glcbt-", "[0-9a-zA-Z]{1,5}_[\\w-]{20}"),
  token("gitlab-token", "glimt-", "[\\w-]{25}"),
  token("gitlab-token", "glagent-", "[\\w-]{50}"),
  token("gitlab-token", "gloas-", "[\\w-]{64}"),
  token("gitlab-token", "glptt-", "[0-9a-f]{40}"),
  token("gitlab-token", "GR1348941", "[\\w-]{20}"),
  token("gitlab-session", "_gitlab_session=", "[0-9a-z]{32}"),
  token("npm-token", "npm_", "[0-9a-zA-Z]{36}", { proof: endsInChecksum }),
  token("npm-token", "_authToken=", "[0-9a-f]{8}-[0-9a-f-]{27}"),
  token("pypi-token", "pypi-AgEIcHlwaS5vcmc", "[\\w-]{50,1000}"),
  token("pypi-token", "pypi-AgENdGVzdC5weXBpLm9yZ", "[\\w-]{50,1000}"),
  token("rubygems-token", "rubygems_", "[a-f0-9]{48}"),
  token("clojars-token", "CLOJARS_", "[a-zA-Z0-9]{60}"),
  token("artifactory-key", "AKCp", "[A-Za-z0-9]{69}"),
  token("artifactory-token", "cmVmd", "[A-Za-z0-9]{59}", { weak: true }),
  token("atlassian-token", "ATATT3", "[A-Za-z0-9_\\-=]{186}"),
  token("sourcegraph-token", "sgp_", "(?:(?:[a-fA-F0-9]{16}|local)_)?[a-fA-F0-9]{40}"),
  token("postman-token", "PMAK-", "[a-f0-9]{24}-[a-f0-9]{34}"),
  token("docker-token", ["dckr_pat_", "dckr_oat_"], "[\\w-]{27,32}"),
  token("prefect-token", "pnu_", "[a-zA-Z0-9]{36}"),
  token("infracost-key", "ico-", "[a-zA-Z0-9]{32}"),
  token("readme-token", "rdme_", "[a-z0-9]{70}"),
  token("octopus-key", "API-", "[A-Z0-9]{26}"),
  token(
    "authress-key",
    ["sc_", "ext_", "scauth_", "authress_"],
    "[a-z0-9]{5,30}\\.[a-z0-9]{4,6}\\.acc[_-][a-z0-9-]{10,32}\\.[a-z0-9+/_=-]{30,120}",
  ),
  token("intra42-secret", ["s-s4t2ud-", "s-s4t2af-"], "[a-f0-9]{64}"),
];

const MODELS: readonly TokenShape[] = [
  token("huggingface-token", "hf_", "[a-zA-Z]{34}", { proof: isMixedCase }),
  token("huggingface-token", "api_org_", "[a-zA-Z]{34}", { proof: isMixedCase }),
  around(
    "openai-key",
    ["T3BlbkFJ"],
    /sk-(?:(?:proj|svcacct|admin|service|None)-)?[\w-]{20,90}T3BlbkFJ[\w-]{20,90}/y,
    110,
  ),
  token("openai-key", ["sk-proj-", "sk-svcacct-", "sk-admin-"], "[\\w-]{74,180}", { entropy: 4.5 }),
  token("anthropic-key", "sk-ant-api03-", "[\\w-]{93}AA", { entropy: 4 }),
  token("anthropic-key", "sk-ant-admin01-", "[\\w-]{93}AA", { entropy: 4 }),
  token("openrouter-key", "sk-or-v1-", "[a-f0-9]{64}"),
  token("perplexity-key", "pplx-", "[a-zA-Z0-9]{48}"),
  token("groq-key", "gsk_", "[a-zA-Z0-9]{52}", { entropy: 4 }),
  token("xai-key", "xai-", "[a-zA-Z0-9]{80}", { entropy: 4 }),
  token("replicate-token", "r8_", "[a-zA-Z0-9]{37}", { entropy: 4 }),
  token("nvidia-key", "nvapi-", "[\\w-]{64}", { entropy: 4 }),
  token("langsmith-key", ["lsv2_pt_", "lsv2_sk_"], "[a-f0-9]{32}_[a-f0-9]{10}"),
  token("pinecone-key", "pcsk_", "[a-zA-Z0-9]{4,8}_[a-zA-Z0-9]{50,70}"),
];

const SERVICES: readonly TokenShape[] = [
  token("slack-token", "xoxb-", "\\d{10,13}-\\d{10,13}[a-zA-Z0-9-]{0,40}", { entropy: 2 }),
  token("slack-token", "xoxb-", "\\d{8,14}-[a-zA-Z0-9]{18,26}", { entropy: 2 }),
  token("slack-token", ["xoxp-", "xoxe-"], "(?:\\d{10,13}-){2,3}[a-zA-Z0-9-]{28,34}", { entropy: 2 }),
  token("slack-token", ["xoxe.xoxb-", "xoxe.xoxp-"], "\\d-[A-Za-z0-9]{163,166}", { entropy: 2 }),
  around("slack-token", ["xoxe"], /xoxe.xox[bp]-\d-[A-Z0-9]{163,166}/y, 0),
  token("slack-token", "xoxe-", "\\d-[A-Za-z0-9]{146}", { entropy: 2 }),
  token("slack-token", "xapp-", "\\d-[A-Z0-9]{1,20}-\\d{1,20}-[a-z0-9]{1,80}", { entropy: 2 }),
  token("slack-token", ["xoxa-", "xoxr-"], "(?:\\d-)?(?:\\d+-){0,3}[0-9a-zA-Z]{8,48}(?![\\w-])", {
    entropy: 0,
    weak: true,
  }),
  token("slack-token", ["xoxo-", "xoxs-"], "\\d+-\\d+-\\d+-[a-fA-F\\d]{1,80}", { entropy: 2 }),
  around(
    "slack-webhook",
    ["hooks.slack.com", "hooks0slackecom"],
    /hooks.slack.?com\/(?:services|workflows|triggers)\/[\w+/]{43,90}/y,
    0,
  ),
  around(
    "teams-webhook",
    [".webhook.office.com"],
    /[a-z0-9]{1,60}\.webhook\.office\.com\/webhookb2\/[a-z0-9@-]{60,80}\/IncomingWebhook\/[a-z0-9]{32}\/[a-z0-9-]{36}/y,
    60,
    { back: /[a-z0-9]/ },
  ),
  around("discord-webhook", ["/api/webhooks/"], /\/api\/webhooks\/\d{17,20}\/[\w-]{60,80}/y, 0),
  token("stripe-key", ["sk_live_", "rk_live_", "sk_prod_", "rk_prod_"], "[a-zA-Z0-9]{10,99}"),
  token("stripe-test-key", ["sk_test_", "rk_test_"], "[a-zA-Z0-9]{10,99}", { weak: true }),
  token("stripe-webhook-secret", "whsec_", "[a-zA-Z0-9+/]{32,64}"),
  token("square-token", "EAAA", "[\\w-]{22,60}", { entropy: 4.2, weak: true }),
  token("square-token", ["sq0atp-", "sq0csp-"], "[\\w-]{22,60}"),
  token("facebook-token", ["EAAM", "EAAC"], "[a-zA-Z0-9]{20,400}", { entropy: 4.2, weak: true }),
  token("shopify-token", ["shpat_", "shpca_", "shppa_", "shpss_"], "[a-fA-F0-9]{32}"),
  around("shippo-token", ["shippo_live_", "shippo_test_"], /shippo_(?:live|test)_[a-fA-F0-9]{40}/y, 0),
  token("sendgrid-key", "SG.", "[\\w=.-]{66}"),
  token("sendinblue-key", "xkeysib-", "[a-f0-9]{64}-[a-z0-9]{16}"),
  token(
    "twilio-key",
    HEX_DIGITS.map((digit) => `SK${digit}`),
    "[0-9a-fA-F]{31}",
  ),
  around("telegram-token", [":AA"], /(?<!\d)\d{8,10}:AA[\w-]{33}/y, 10),
  token("duffel-token", ["duffel_live_", "duffel_test_"], "[\\w=-]{43}"),
  token("dynatrace-token", "dt0c01.", "[a-zA-Z0-9]{24}\\.[a-zA-Z0-9]{64}"),
  token("doppler-token", "dp.pt.", "[a-zA-Z0-9]{43}"),
  token("easypost-token", ["EZAK", "EZTK"], "[a-zA-Z0-9]{54}"),
  token(
    "flutterwave-key",
    ["FLWSECK_TEST-", "FLWPUBK_TEST-", "FLWSECK-", "FLWPUBK-"],
    "[a-h0-9]{12,32}(?:-X)?",
    { weak: true },
  ),
  token("frameio-token", "fio-u-", "[\\w=-]{64}"),
  token("freemius-key", "sk_", "(?=.{29}['\"])[^\\s'\"]{29}", { weak: true, entropy: 2 }),
  token("grafana-key", "eyJrIjoi", "[A-Za-z0-9]{70,400}={0,3}"),
  token("grafana-token", "glc_", "[A-Za-z0-9+/]{32,400}={0,3}"),
  token("grafana-token", "glsa_", "[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}"),
  token("harness-key", ["pat.", "sat."], "[a-zA-Z0-9_-]{22}\\.[a-zA-Z0-9]{24}\\.[a-zA-Z0-9]{20}"),
  token("newrelic-key", ["NRAK-", "NRII-", "NRJS-"], "[a-zA-Z0-9-]{19,32}"),
  token("notion-token", "ntn_", "\\d{11}[A-Za-z0-9]{35}"),
  token("linear-key", "lin_api_", "[a-zA-Z0-9]{40}"),
  token("mailgun-key", ["key-", "pubkey-"], "[a-f0-9]{32}", { weak: true }),
  around("maxmind-key", ["_mmk"], /[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk/y, 36),
  token("onepassword-token", "ops_", "eyJ[a-zA-Z0-9+/]{170,2000}={0,3}"),
  around(
    "onepassword-key",
    ["A3-"],
    /A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}/y,
    0,
  ),
  token(
    "plaid-token",
    ["access-sandbox-", "access-development-", "access-production-"],
    "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
  ),
  token("sentry-token", "sntrys_", "eyJ[A-Za-z0-9+/]{40,400}={0,2}_[A-Za-z0-9+/]{43}", { entropy: 4 }),
  token("sentry-token", "sntryu_", "[a-f0-9]{64}"),
  token("settlemint-token", ["sm_aat_", "sm_pat_", "sm_sat_"], "[a-zA-Z0-9]{16}"),
  token("clickhouse-key", "4b1d", "[A-Za-z0-9]{38}", { weak: true }),
  token("airtable-token", "pat", "[a-zA-Z0-9]{14}\\.[a-f0-9]{64}"),
  token("adobe-secret", "p8e-", "[a-z0-9]{32}"),
  token("typeform-token", "tfp_", "[a-z0-9\\-_.=]{59}"),
  token("snyk-token", "snyk_uat.", "[\\w.-]{40,200}"),
];

const GENERAL: readonly TokenShape[] = [
  around(
    "private-key",
    ["PRIVATE KEY"],
    /-----BEGIN[A-Z0-9 ]{0,80}PRIVATE KEY(?: BLOCK)?-----[\s\S-]{64,20000}?KEY(?: BLOCK)?-----/y,
    91,
    { must: isPrivateKey },
  ),
  around(
    "json-web-token",
    [".ey"],
    /ey[a-zA-Z0-9]{17,}\.ey[a-zA-Z0-9/\\_-]{17,}\.(?:[a-zA-Z0-9/\\_-]{10,}={0,2})?/y,
    4096,
    { back: /[\w-]/, proof: isJsonWebToken },
  ),
  around(
    "json-web-token",
    ["ZXlK"],
    /ZXlK(?:aGJHY|aGNHVWlPaU|bGJtTW|aGJIU|d2NIUWlPaU|dFpXU)[\w+/=-]{40,4000}/y,
    0,
    { weak: true },
  ),
  around(
    "password-in-url",
    ["://"],
    /(?:https?|ftps?|sftp|ssh|git\+https?):\/\/(?!user(?:name)?:|[^:]*:pass(?:word|wd)?@)[^\s:@/'"<>]{1,100}:[^\s:@/'"<>]{8,200}@(?!localhost|127\.|example\.)[\w.-]{1,200}/y,
    12,
    { back: /[a-z+]/, entropy: 0, weak: true },
  ),
  around(
    "database-url",
    ["://"],
    /(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|redis|rediss|amqps?|mssql|clickhouse|jdbc:[a-z]{1,20})(?:\+[a-z0-9]{1,20})?:\/\/[^\s:@/'"<>]{0,100}:[^\s@/'"<>]{3,200}@[\w.-]{1,200}/y,
    28,
    { back: /[a-z0-9+:]/, entropy: 0, proof: isLiveDatabase },
  ),
];

export const TOKENS: readonly TokenShape[] = [...CLOUD, ...CODE, ...MODELS, ...SERVICES, ...GENERAL];

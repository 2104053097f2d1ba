"""What gateways and Suno say when something goes wrong: one table from their texts to a class and a plain sentence.

The texts were read in new-api (2025-04, 2026-02, 2026-07), one-hub, Suno-API and their forks. A text counts wherever it
is contained, upper or lower case, in simplified or traditional characters: resellers change the words around it.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from ecovai_tui.language import later, said, tr
from ecovai_tui.tasks.maker_reasons import MAKER_REASONS


class ReasonClass(StrEnum):
    """Whose matter a failure is, or what it is about."""

    KEY = "key"
    QUOTA = "quota"
    """The key's, or the account's, money."""
    PERMISSION = "perm"
    RATE = "rate"
    GATEWAY = "gw"
    UPSTREAM = "up"
    MODERATION = "mod"
    INPUT = "input"
    TIME = "time"
    OPERATOR = "oper"
    """The account or the set-up of the gateway's operator."""
    UNKNOWN = "unk"


class Reason(NamedTuple):
    """What a text means."""

    kind: ReasonClass
    sentence: str
    """One sentence for people: what happened, and what to do where anything can be done."""


class _Row(NamedTuple):
    kind: ReasonClass
    sentence: str
    """May name groups of the pattern, as in ``{name}``."""
    pattern: str


_K, _Q, _P, _R = ReasonClass.KEY, ReasonClass.QUOTA, ReasonClass.PERMISSION, ReasonClass.RATE
_G, _U, _M, _I = ReasonClass.GATEWAY, ReasonClass.UPSTREAM, ReasonClass.MODERATION, ReasonClass.INPUT
_T, _O, _N = ReasonClass.TIME, ReasonClass.OPERATOR, ReasonClass.UNKNOWN

UNTOLD = later("It failed, and nobody said why: submit it again later.")
"""Said of a failure without any text."""

MAY_NOT_QUERY = later(
    "This key is restricted to certain models, and such a key may not ask for tasks: lift the "
    "restriction on the gateway's website, or end its list of models with a comma (as in "
    "suno_music,suno_lyrics,), or use another key."
)
"""Said of a key with a list of models; many versions of new-api let a list that ends in a comma through."""

_BEFORE_THE_TASK = (
    _Row(
        _G,
        later("The gateway could not read its database: try again later, or ask its operator."),
        r"get_tasks?_failed|get_user_quota_failed",
    ),
    _Row(
        _G, later("The gateway's database fails, and the key is fine: try again later."), r"数据库|资料库|\bdatabase\b"
    ),
    _Row(
        _K,
        later("No key reached the gateway: check the setting of the key."),
        r"未提供(?:令牌|密钥|api)|no (?:api )?(?:key|token) provided",
    ),
    _Row(
        _Q,
        later("The key's quota is used up: raise it on the gateway's website, or even finished tasks stay unreadable."),
        r"(?:令牌|密钥|token|key)\S{0,4}\s*(?:的)?额度(?:已)?(?:用尽|用完|耗尽)|TokenStatusExhausted|token\.RemainQuota"
        r"|(?:token|key)(?: quota)? (?:is |has been )?(?:exhausted|used up)",
    ),
    _Row(
        _K,
        later("The key has expired: renew it on the gateway's website, or use another one."),
        r"令牌已?过期|TokenStatusExpired|(?:token|key) (?:has |is |was )?expired|expired (?:api )?(?:key|token)",
    ),
    _Row(
        _K,
        later("The key is disabled: enable it on the gateway's website, and if it worked just now, ask once more."),
        r"令牌状态不可用|令牌已(?:被)?(?:禁用|停用)|TokenStatusDisabled|(?:token|key) (?:status )?(?:is |has been )?"
        r"(?:disabled|not available|unavailable|revoked|inactive)",
    ),
    _Row(
        _K,
        later(
            "Key refused, since the gateway does not know it, or (newer gateways say no more) since it is used "
            "up, expired or disabled: check it on the gateway's website."
        ),
        r"(?:无效|错误|不正确)的?(?:令牌|密钥|api)|令牌(?:无效|不存在|错误)"
        r"|(?:invalid|incorrect|unknown)[ _](?:api[ _]?)?(?:token|key)"
        r"|(?:token|key) (?:is )?(?:invalid|not found|unknown)",
    ),
    _Row(
        _P,
        later("The account is banned: ask the operator of the gateway."),
        r"(?:用户|账号|账户|使用者)已?被?(?:封禁|禁用)|user (?:is |has been |was )?(?:banned|disabled)"
        r"|account (?:is |has been |was )?(?:banned|disabled|suspended)",
    ),
    _Row(
        _P,
        later(
            "The key may be used only from listed addresses (IP), and a proxy changes yours: add this one on the "
            "gateway's website."
        ),
        r"(?<![a-z])ip(?![a-z]).{0,60}?(?:不在.{0,12}?允许|not (?:allowed|in the|permitted))|ip ?白名单",
    ),
    _Row(
        _O,
        later(
            "No channel serves this model for your group, as it is not offered or down: try again later, or ask "
            "the operator."
        ),
        r"无可用(?:渠道|管道)|可用(?:渠道|管道)(?:失败|不存在)|no available channel|get_channel_failed|model_not_found",
    ),
    _Row(
        _P,
        later("The key's group is closed to you: pick another group on the gateway's website."),
        r"分组.{0,80}?已被?(?:禁用|弃用)|分组.{0,80}?不存在|无权(?:访问|存取|使用).{0,80}?分组"
        r"|(?:group\b.{0,80}?(?:disabled|deprecated|does not exist)|no (?:access|permission) to\b.{0,80}?\bgroup)",
    ),
    _Row(
        _P,
        MAY_NOT_QUERY,
        r"(?:无权(?:访问|存取)(?:任何)?模型|(?:access|permission|allowed|authorized)\b[^.]*\bmodels?)[\s:\"'.。]*\Z",
    ),
    _Row(
        _P,
        later(
            "The key may not use this model: add it to the key's models on the gateway's website, or use another key."
        ),
        r"无权(?:访问|存取)模型|not supported for current token|no access to model",
    ),
    _Row(
        _K,
        later("Something follows the key that does not belong to it: copy it again, without anything behind it."),
        r"不支持指定渠道|无效的渠道 ?id",
    ),
    _Row(
        _O,
        later("The operator has set no rate for your group, so it may not ask: tell the operator."),
        r"API requests are not allowed",
    ),
    _Row(
        _G,
        later("The gateway's machine is overloaded: try again later."),
        r"system[ _](?:cpu|memory|disk)[ _]overloaded",
    ),
    _Row(
        _G,
        later("The gateway crashed on this request: try again later, and tell the operator if it stays so."),
        r"panic detected|_panic\b",
    ),
    _Row(_I, later("There is no such API at this address: check base_url, which needs no /v1."), r"invalid url \("),
    _Row(
        _R,
        later("Too many requests: wait a little, or ask less often."),
        r"速率达到上限|请求(?:过于频繁|频率过高)|rate limit|too many requests",
    ),
)
"""Said before the gateway looks at tasks."""

_MONEY = (
    _Row(
        _Q,
        later("The key's own limit is too low: raise it on the gateway's website."),
        r"token quota is not enough|pre_consume_token_quota_failed|令牌额度不足",
    ),
    _Row(
        _Q,
        later("The account has too little money: top it up on the gateway's website."),
        r"quota_not_enough|quota is not enough|insufficient_(?:user_)?quota|insufficient[ _]balance"
        r"|用户额度不足|余额不足|预扣费额度失败|订阅额度不足",
    ),
)
"""Said of money, by the gateway's task layer and before it."""

_TASK_LAYER = (
    _Row(
        _I,
        later("A song can only be extended by its task's id of your own account."),
        r"task_origin_not_exist|origin task not found|task[ _]id is empty",
    ),
    _Row(
        _N,
        later("There is no such task in your account, though a fresh one needs a minute to appear."),
        r"task[ _](?:is[ _])?(?:not?|does[ _]not)[ _](?:exist|found)|任务不存在",
    ),
    _Row(_I, later("The prompt is empty."), r"prompt_empty|prompt(?:_| )is(?:_| )(?:empty|required)|prompt不能为空"),
    _Row(_I, later("This gateway does not offer that."), r"invalid_action|not_implemented"),
    _Row(
        _U,
        later(
            "The gateway did not reach its upstream, and after a timeout the song may exist all the same: look on its "
            "website before you send it again."
        ),
        r"请求上游地址失败|(?:do|http)_request_failed|\b(?:post|get) \"https?://[^\"]*\":",
    ),
    _Row(
        _I,
        later("The request was not understood: a fault of this program, or of a proxy that changed it."),
        r"(?:\A|: )(?:unexpected )?EOF\Z|invalid character .* looking for"
        r"|json: cannot unmarshal|bind_request_body_failed",
    ),
    _Row(
        _O,
        later("The operator has set no price for this model: tell the operator."),
        r"倍率或价格未配置|price not configured|model_price_error",
    ),
    _Row(
        _O,
        later("The channel of the old task is off, or has no working key: tell the operator."),
        r"所属渠道已被禁用|channel of the origin task is disabled|no enabled keys"
        r"|task_channel_disable|channel_no_available_key",
    ),
    _Row(_R, later("The upstream is busy: try again later."), r"负载已饱和"),
    _Row(
        _U,
        later(
            "The upstream's answer was unreadable, and a song may exist all the same: look on the gateway's website "
            "before you send it again."
        ),
        r"(?:read|unmarshal)_response_body_failed|invalid_response\b|empty_response_body",
    ),
    _Row(
        _O,
        later(
            "The operator's Suno account is logged out, out of credits or blocked, which has nothing to do with "
            "your key: tell the operator."
        ),
        r"401 Unauthorized|402 Payment Required|403 Forbidden|422 Unprocessable|unauthorized secret token",
    ),
    _Row(_U, later("The upstream refused the request: see its own words."), r"fail_to_fetch_task"),
    _Row(
        _G,
        later("It was probably paid for, but the gateway lost the task or its id: see its website."),
        r"insert_task_failed",
    ),
    _Row(_I, later("The file is not there yet: wait until the task is done."), r"task is not completed yet"),
    _Row(_U, later("The file could not be had: try again later."), r"failed to fetch video content"),
    _Row(
        _U,
        later("The upstream refused without a reason: try again later."),
        r"(?<!get_)task[ _]failed|submit_failed|internal_error",
    ),
)
"""Said by the gateway's task layer, under ``code`` and ``message``."""

_OF_SUNO = (
    _Row(
        _M,
        later('Suno refuses the name "{name}": take it out of that field.'),
        r"(?:contain(?:ed|s)?)\s+(?:the )?(?:artist name|producer tag|song title|band name)s?\s*:?\s*"
        r"(?P<name>\S.{0,80}?)(?:\s+-+\s+we don.?t reference|[.。]?\s*\Z)",
    ),
    _Row(
        _M,
        later("Suno refuses a name of an artist, a song or a band: take it out of that field."),
        r"contain(?:ed|s)?\s+(?:the )?(?:artist name|producer tag|song title|band name)",
    ),
    _Row(
        _M,
        later("The lyrics resemble an existing song: write them anew."),
        r"lyrics\s+contain(?:ed|s)?\s+copyrighted|prompt likely copyrighted",
    ),
    _Row(_M, later("The upload was recognised as an existing work."), r"uploaded audio\s+(?:matches|contains)"),
    _Row(
        _M,
        later("Suno's moderation stopped the text: say it in other words."),
        r"flagged for moderation|contain(?:ed|s)? inappropriate|SENSITIVE_WORD_ERROR|moderation_failure",
    ),
    _Row(
        _I,
        later("That field is too long for this model: shorten it."),
        r"(?:prompt|tags|title|topic|style|lyrics)\s+(?:is )?too long|style must be less than or equal",
    ),
    _Row(_I, later("The song that it was to be made from is gone."), r"song id does not exist|taken offline"),
    _Row(
        _O,
        later("The operator's Suno account must pass a captcha or log in again: tell the operator."),
        r"captcha|token validation failed|\AUnauthorized\.?\Z|update the SUNO_COOKIE",
    ),
    _Row(
        _O,
        later("The operator's plan lacks this model or credits: tell the operator."),
        r"\Ainvalid request\.?\Z|insufficient credits",
    ),
    _Row(_U, later("Suno could not write lyrics about this: try another topic."), r"unable to generate lyrics"),
    _Row(
        _U,
        later("It failed on Suno's side: submit it again later."),
        r"service unavailable|under maintenance|no available worker|job failed with unknown error"
        r"|timeout while waiting for audio|generation failed due to an issue|(?:CREATE_TASK|GENERATE_AUDIO)_FAILED",
    ),
)
"""Said by Suno itself, of a clip or in a task's reason."""

_OF_MAKERS = tuple(_Row(ReasonClass(kind), sentence, pattern) for kind, sentence, pattern in MAKER_REASONS)
"""Said by those who make pictures and videos."""

_OF_A_TASK = (
    _Row(_N, later("This is no error, but the address of the result."), r"\Ahttps?://\S+\Z"),
    _Row(
        _O,
        later("The channel was deleted meanwhile, and a result may exist upstream: ask the operator."),
        r"获取(?:渠道|管道)信息失败|failed to get channel info|获取供应商失败",
    ),
    _Row(_T, later("An old task, closed by the gateway without a refund: ask the operator."), r"旧系统遗留任务"),
    _Row(
        _T,
        later("It was not finished within {minutes} minutes, and the gateway gave up: submit it again later."),
        r"任务超时\s*[（(]\s*(?P<minutes>\d+)\s*分钟",
    ),
    _Row(
        _T,
        later("It was not finished within an hour, and the gateway gave up: submit it again later."),
        r"上游任务超时",
    ),
    _Row(
        _T,
        later("It was not finished within 10 minutes, and the gateway gave up: submit it again later."),
        r"\Atime out\.?\Z",
    ),
    _Row(_T, later("It was not finished in time, and the gateway gave up: submit it again later."), r"任务超时"),
    _Row(
        _U,
        later(
            "The gateway got an odd answer of its upstream and gave up, so a result may exist there: ask the operator, "
            "or submit it again."
        ),
        r"upstream returned (?:error|unrecognized|empty)",
    ),
    _Row(
        _U,
        later("It failed at the provider: its own words, if any, are in the JSON."),
        r"(?<!get_)task[ _]failed|submit_failed|internal_error",
    ),
)
"""Said as the reason of a task that failed."""

_FOLDED = str.maketrans(
    "許無該權訪問額盡過狀態資庫錯請聯繫員組戶帳號對於時務應頻達負載飽預費訂閱獲敗關閉棄屬廢誤確鑰單餘個並",
    "许无该权访问额尽过状态资库错请联系员组户账号对于时务应频达负载饱预费订阅获败关闭弃属废误确钥单余个并",
)
"""Traditional characters → simplified ones, as far as the patterns need them."""


def explain(text: str) -> Reason | None:
    """Return what the reason of a failed task or clip means; None if nobody knows."""
    return _found(text, (*_OF_MAKERS, *_OF_SUNO, *_OF_A_TASK, *_MONEY, *_TASK_LAYER, *_BEFORE_THE_TASK))


def explain_refusal(text: str, *, of_key: bool) -> Reason | None:
    """Return what the words of a refused request mean; None if nobody knows.

    ``of_key`` says that they speak of the user's key, and not of what a task's upstream told.
    """
    return _found(text, (*_BEFORE_THE_TASK, *_MONEY) if of_key else (*_MONEY, *_TASK_LAYER, *_BEFORE_THE_TASK))


def told(text: str) -> str:
    """Return the reason of a failure as people are told it: what it means, and then the words themselves."""
    reason = explain(text)
    return tr("{meaning} ({words})", meaning=reason.sentence, words=text) if reason else text


def _found(text: str, rows: tuple[_Row, ...]) -> Reason | None:
    folded = text.translate(_FOLDED)
    for row in rows:
        if match := _compiled(row.pattern).search(folded):
            names = {name: text[slice(*match.span(name))] for name in match.re.groupindex}
            return Reason(row.kind, said(row.sentence, **names))
    return None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)

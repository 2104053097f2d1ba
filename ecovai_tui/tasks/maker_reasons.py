"""What Midjourney and its proxies, Kling, Luma, Runway, Flux and others say of a picture or a video that failed.

Each row has the class of the reason as ``reasons.py`` names it, what it means, and a pattern of the words.
"""

from ecovai_tui.language import later

MAKER_REASONS = (
    (
        "mod",
        later("Midjourney's moderation stopped it: say it in other words."),
        r"可能包含敏感词|banned prompt|our AI moderator|action (?:needed|required) to continue|due to \w+ filters",
    ),
    (
        "mod",
        later("The maker's moderation refused it: change the text or the picture."),
        (
            r"risk control system|advanced moderation failed|SAFETY\.(?:INPUT|OUTPUT|TEXT)|SensitiveContentDetected"
            r"|PolicyViolation|AuditSubmitIllegal|moderation_blocked|\A(?:Request|Content) Moderated\Z"
            r"|\bcode: ?(?:130[01]|102[67])\b"
        ),
    ),
    (
        "input",
        later("A parameter, an address or a picture that was given is wrong: correct it."),
        (
            r"invalid (?:parameter|prompt|link|form body)|empty prompt|ASSET\.INVALID|(?:base64|链接)格式错误"
            r"|上传图片到discord失败|resolution or aspect ratio of the input image|\bcode: ?(?:120[0-3]|1042|2013)\b"
        ),
    ),
    ("input", later("The picture to work on is gone or unfinished."), r"关联任务|task_status_not_success"),
    (
        "rate",
        later("Too many are at work there: submit it again later."),
        r"队列已满|queue (?:is )?full|(?:并发|队列)数已达上限|\bcode: ?(?:130[23]|2056)\b",
    ),
    (
        "oper",
        later("The operator's account with the maker is blocked, unpaid or at its limit: tell the operator."),
        (
            r"账号实例|available account instance|(?:账号|实例)不可用|禁用账号|pending mod message|plan cancelled"
            r"|账号已被临时封锁|subscription (?:required|paused)|job action restricted|绘图次数已达上限"
            r"|/captcha/embedded|CreditInsufficient|任务失败，请重试|(?:\A|\] |, )Blocked\.?\Z"
            r"|\bcode: ?(?:100[0134]|1008|110[0-3]|1304|2049)\b"
        ),
    ),
    (
        "time",
        later("No picture came in time, but it may exist at Midjourney: submit it again later."),
        r"执行超时|任务提交超时|超时，未找到消息",
    ),
    (
        "oper",
        later("Somebody stopped it at the gateway: submit it again if you still want it."),
        r"取消任务|强制取消|删除任务",
    ),
    (
        "up",
        later("It failed at the maker: submit it again later."),
        (
            r"not complete the job|\[Internal Server Error\]|系统异常|服务异常|未知错误|\AINTERNAL\b"
            r"|THIRD_PARTY\.UNAVAILABLE|\AError\Z|\bcode: ?500[0-2]\b"
        ),
    ),
)

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
        ),
    ),
    (
        "input",
        later("A parameter, an address or a picture that was given is wrong: correct it."),
        (
            r"invalid (?:parameter|prompt|link|form body)|empty prompt|ASSET\.INVALID|(?:base64|链接)格式错误"
            r"|上传图片到discord失败|resolution or aspect ratio of the input image"
        ),
    ),
    ("input", later("The picture to work on is gone or unfinished."), r"关联任务|task_status_not_success"),
    (
        "rate",
        later("Too many are at work there: submit it again later."),
        r"队列已满|queue (?:is )?full|(?:并发|队列)数已达上限",
    ),
    (
        "oper",
        later("The operator's account with the maker is blocked, unpaid or at its limit: tell the operator."),
        (
            r"账号实例|available account instance|(?:账号|实例)不可用|禁用账号|pending mod message|plan cancelled"
            r"|账号已被临时封锁|subscription (?:required|paused)|job action restricted|绘图次数已达上限"
            r"|/captcha/embedded|CreditInsufficient"
        ),
    ),
    (
        "time",
        later("No picture came in time, but it may exist at Midjourney."),
        r"执行超时|任务提交超时|超时，未找到消息",
    ),
    ("oper", later("Somebody stopped it at the gateway."), r"取消任务|强制取消|删除任务"),
    (
        "up",
        later("It failed at the maker: submit it again later."),
        (
            r"not complete the job|\[Internal Server Error\]|系统异常|服务异常|\AINTERNAL\b|THIRD_PARTY\.UNAVAILABLE"
            r"|\AError\Z"
        ),
    ),
)

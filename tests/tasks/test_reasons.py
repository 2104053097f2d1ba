"""Every text that gateways and Suno are known to say is told apart by its class and explained in one sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.catalogues import Chinese, speaking

from ecovai_tui.tasks.reasons import Reason, ReasonClass, explain, explain_refusal, told

KEY, QUOTA, PERMISSION, RATE = ReasonClass.KEY, ReasonClass.QUOTA, ReasonClass.PERMISSION, ReasonClass.RATE
GATEWAY, UPSTREAM, MODERATION = ReasonClass.GATEWAY, ReasonClass.UPSTREAM, ReasonClass.MODERATION
INPUT, TIME, OPERATOR, UNKNOWN = ReasonClass.INPUT, ReasonClass.TIME, ReasonClass.OPERATOR, ReasonClass.UNKNOWN

BEFORE_THE_TASK = [
    ("未提供令牌", KEY, "No key reached"),
    ("无效的令牌", KEY, "Key refused"),
    ("無效的令牌", KEY, "Key refused"),
    ("Invalid token", KEY, "Key refused"),
    ("Incorrect API key provided: sk-***", KEY, "Key refused"),
    ("该令牌已过期", KEY, "expired"),
    ("令牌已过期", KEY, "expired"),
    ("該令牌已過期", KEY, "expired"),
    ("This token has expired", KEY, "expired"),
    ("该令牌状态不可用", KEY, "disabled"),
    ("令牌状态不可用", KEY, "disabled"),
    ("token is disabled", KEY, "disabled"),
    ("该令牌额度已用尽 TokenStatusExhausted[sk-***xyz]", QUOTA, "used up"),
    ("[sk-***] 该令牌额度已用尽 !token.UnlimitedQuota && token.RemainQuota = 0", QUOTA, "used up"),
    ("令牌额度已用尽", QUOTA, "used up"),
    ("TokenStatusExhausted", QUOTA, "used up"),
    ("Token quota exhausted", QUOTA, "used up"),
    ("无效的令牌，数据库查询出错，请联系管理员", GATEWAY, "database"),
    ("数据库出错，请联系管理员", GATEWAY, "database"),
    ("資料庫出錯，請聯繫管理員", GATEWAY, "database"),
    ("Database error, please contact the administrator", GATEWAY, "database"),
    ("数据库一致性已被破坏，请联系管理员", GATEWAY, "database"),
    ("get_tasks_failed: database is locked", GATEWAY, "could not read its database"),
    ("用户已被封禁", PERMISSION, "banned"),
    ("使用者已被封禁", PERMISSION, "banned"),
    ("User has been banned", PERMISSION, "banned"),
    ("您的 IP 不在令牌允许访问的列表中", PERMISSION, "addresses"),
    ("您的IP不在令牌允許訪問的列表中", PERMISSION, "addresses"),
    ("IP 10.0.0.7 is not allowed to access", PERMISSION, "addresses"),
    ("令牌分组 vip 已被禁用", PERMISSION, "group"),
    ("无权访问 vip 分组", PERMISSION, "group"),
    ("分组 vip 已被弃用", PERMISSION, "group"),
    ("分组 vip 不存在", PERMISSION, "group"),
    ("该令牌无权访问模型 ", PERMISSION, "comma"),
    ("該令牌無權存取模型", PERMISSION, "comma"),
    ("该令牌无权访问任何模型", PERMISSION, "comma"),
    ("This token has no access to model ", PERMISSION, "comma"),
    ("该令牌无权访问模型 suno_music", PERMISSION, "this model"),
    ("This token has no access to model suno_music", PERMISSION, "this model"),
    ("Model suno_music is not supported for current token", PERMISSION, "this model"),
    ("普通用户不支持指定渠道", KEY, "follows the key"),
    ("无效的渠道 Id", KEY, "follows the key"),
    ("API requests are not allowed", OPERATOR, "rate"),
    ("system cpu overloaded", GATEWAY, "overloaded"),
    ("system memory overloaded (current: 95.0%, threshold: 90%)", GATEWAY, "overloaded"),
    ("system_disk_overloaded: x", GATEWAY, "overloaded"),
    ("当前分组 default 下对于模型 suno_music 无可用渠道", OPERATOR, "No channel"),
    ("分组 default 下模型 suno_music 无可用渠道（distributor）", OPERATOR, "No channel"),
    ("分組 default 下模型 suno_music 無可用管道（distributor）", OPERATOR, "No channel"),
    ("No available channel for model suno_music under group default", OPERATOR, "No channel"),
    ("获取分组 default 下模型 suno_music 的可用渠道失败（retry）", OPERATOR, "No channel"),
    ("分组 default 下模型 suno_music 的可用渠道不存在（retry）", OPERATOR, "No channel"),
    ("Panic detected, error: x. Please submit a issue here: https://github.com/x", GATEWAY, "crashed"),
    ("Invalid URL (GET /v1/suno/fetch)", INPUT, "/v1"),
    ("您的速率达到上限，请稍后再试。", RATE, "Too many requests"),
]

MONEY = [
    ("quota_not_enough: user quota is not enough", QUOTA, "too little money"),
    ("insufficient_user_quota: 用户额度不足, 剩余额度: ＄0.01", QUOTA, "too little money"),
    ("预扣费额度失败, 用户剩余额度: 1", QUOTA, "too little money"),
    ("订阅额度不足或未配置订阅: x", QUOTA, "too little money"),
    ("quota_not_enough ", QUOTA, "too little money"),
    ("token quota is not enough, token remain quota: ＄0, need quota: ＄1", QUOTA, "limit is too low"),
    ("pre_consume_token_quota_failed: x", QUOTA, "limit is too low"),
    ("令牌额度不足", QUOTA, "limit is too low"),
]

TASK_LAYER = [
    ("task_not_exist", UNKNOWN, "no such task"),
    ("invalid_request: task not exist", UNKNOWN, "no such task"),
    ("task_no_found ", UNKNOWN, "no such task"),
    ("Task not found", UNKNOWN, "no such task"),
    ("task_not_exist: task_origin_not_exist", INPUT, "your own account"),
    ("origin task not found", INPUT, "your own account"),
    ("invalid_request: task id is empty", INPUT, "your own account"),
    ("task_id is empty", INPUT, "your own account"),
    ("invalid_request: prompt_empty", INPUT, "empty"),
    ("prompt is required", INPUT, "empty"),
    ("prompt_is_required", INPUT, "empty"),
    ("prompt不能为空", INPUT, "empty"),
    ("invalid_request: invalid_action", INPUT, "does not offer"),
    ("not_implemented:suno", INPUT, "does not offer"),
    ("invalid_request: EOF", INPUT, "not understood"),
    ("invalid character 'x' looking for beginning of value", INPUT, "not understood"),
    ("json: cannot unmarshal string into Go struct field .ids", INPUT, "not understood"),
    ("bind_request_body_failed: x", INPUT, "not understood"),
    ("get_task_failed: x", GATEWAY, "database"),
    ("get_user_quota_failed: x", GATEWAY, "database"),
    ("模型 suno_music 倍率或价格未配置，请联系管理员", OPERATOR, "price"),
    ("Model suno_music price not configured. x", OPERATOR, "price"),
    ("该任务所属渠道已被禁用", OPERATOR, "channel"),
    ("the channel of the origin task is disabled", OPERATOR, "channel"),
    ("no enabled keys", OPERATOR, "channel"),
    ("fail_to_fetch_task: 当前分组上游负载已饱和，请稍后再试", RATE, "busy"),
    ("当前分组负载已饱和，请稍后再试，或升级账户以提升服务质量。", RATE, "busy"),
    ("do_request_failed: 请求上游地址失败", UPSTREAM, "did not reach"),
    ('Post "https://***.com": dial tcp: i/o timeout', UPSTREAM, "did not reach"),
    ("http_request_failed: x", UPSTREAM, "did not reach"),
    ("unmarshal_response_body_failed: x", UPSTREAM, "unreadable"),
    ("read_response_body_failed", UPSTREAM, "unreadable"),
    ("invalid_response: x", UPSTREAM, "unreadable"),
    ("empty_response_body", UPSTREAM, "unreadable"),
    ("fail_to_fetch_task: something", UPSTREAM, "refused"),
    ("fail_to_fetch_task: 401 Unauthorized", OPERATOR, "nothing to do with your key"),
    ("402 Payment Required", OPERATOR, "nothing to do with your key"),
    ("403 Forbidden", OPERATOR, "nothing to do with your key"),
    ("422 Unprocessable Entity", OPERATOR, "nothing to do with your key"),
    ("invalid_request: unauthorized secret token", OPERATOR, "nothing to do with your key"),
    ("internal_error: task failed", UPSTREAM, "without a reason"),
    ("insert_task_failed: database is locked", GATEWAY, "lost the task"),
    ("Task is not completed yet, current status: IN_PROGRESS", INPUT, "not there yet"),
    ("Failed to fetch video content", UPSTREAM, "could not be had"),
]

FAILURES = [
    ("获取渠道信息失败，请联系管理员，渠道ID：7", OPERATOR, "channel was deleted"),
    ("Failed to get channel info, channel ID: 7", OPERATOR, "channel was deleted"),
    ("获取供应商失败，请联系管理员", OPERATOR, "channel was deleted"),
    ("任务超时（旧系统遗留任务，不进行退款，请联系管理员）", TIME, "without a refund"),
    ("任务超时（1440分钟）", TIME, "within 1440 minutes"),
    ("time out", TIME, "10 minutes"),
    ("上游任务超时（超过1小时）", TIME, "an hour"),
    ("任务超时", TIME, "in time"),
    ("upstream returned error", UPSTREAM, "odd answer"),
    ("upstream returned unrecognized message", UPSTREAM, "odd answer"),
    ("task failed", UPSTREAM, "provider"),
    ("task failed, code: 7 , message: x", UPSTREAM, "provider"),
    ("https://cdn.example/v.mp4", UNKNOWN, "no error"),
    ("Song Description contained artist name: metallica", MODERATION, '"metallica"'),
    ("Tags contained producer tag: Metro Boomin", MODERATION, '"Metro Boomin"'),
    ("Your tags contain artist name Björk - we don't reference specific artists on Our, please", MODERATION, '"Björk"'),
    ("Song Description contained band name: " + "x" * 200, MODERATION, "a name"),
    ("Your lyrics contain copyrighted material. Please", MODERATION, "anew"),
    ("Lyrics contained copyrighted material", MODERATION, "anew"),
    ("Prompt likely copyrighted", MODERATION, "anew"),
    ("Uploaded audio matches existing work of art", MODERATION, "existing work"),
    ("Uploaded audio contains copyrighted lyrics", MODERATION, "existing work"),
    ("Song Description flagged for moderation", MODERATION, "moderation"),
    ("Prompt contained inappropriate material", MODERATION, "moderation"),
    ("SENSITIVE_WORD_ERROR", MODERATION, "moderation"),
    ("moderation_failure", MODERATION, "moderation"),
    ("Tags too long.", INPUT, "too long"),
    ("style must be less than or equal 120", INPUT, "too long"),
    ("The song id does not exist or has been taken offline.", INPUT, "gone"),
    ("CAPTCHA verification is required", OPERATOR, "captcha"),
    ("Token validation failed.", OPERATOR, "captcha"),
    ("Unauthorized", OPERATOR, "captcha"),
    ("please update the SUNO_COOKIE", OPERATOR, "captcha"),
    ("Invalid request.", OPERATOR, "plan"),
    ("Insufficient credits, please upgrade", OPERATOR, "plan"),
    ("Service Unavailable", UPSTREAM, "Suno's side"),
    ("service under maintenance, generation paused", UPSTREAM, "Suno's side"),
    ("no available worker in system", UPSTREAM, "Suno's side"),
    ("job failed with unknown error", UPSTREAM, "Suno's side"),
    ("timeout while waiting for audio generation", UPSTREAM, "Suno's side"),
    ("Sorry, the generation failed due to an issue on our side", UPSTREAM, "Suno's side"),
    ("GENERATE_AUDIO_FAILED", UPSTREAM, "Suno's side"),
    ("Unable to generate lyrics from song description", UPSTREAM, "another topic"),
    ("上游负载已饱和，请稍后再试", RATE, "busy"),
    *[
        (text, MODERATION, "Midjourney's moderation")
        for text in (
            "可能包含敏感词",
            "Banned prompt detected",
            "Sorry! Our AI moderator thinks",
            "Action needed to continue",
            "Request cancelled due to image filters",
        )
    ],
    *[
        (text, MODERATION, "maker's moderation")
        for text in (
            "Failure to pass the risk control system",
            "400: prompt not allowed because advanced moderation failed",
            "SAFETY.INPUT.TEXT",
            "INPUT_PREPROCESSING.SAFETY.TEXT",
            "InputTextSensitiveContentDetected",
            "TaskPromptPolicyViolation",
            "moderation_blocked",
            "Request Moderated",
            "Content Moderated",
        )
    ],
    *[
        (text, INPUT, "correct it")
        for text in (
            "Invalid parameter",
            "Empty prompt",
            "ASSET.INVALID",
            "base64格式错误",
            "链接格式错误",
            "上传图片到discord失败",
            "The resolution or aspect ratio of the input image is invalid",
        )
    ],
    *[(text, INPUT, "gone or unfinished") for text in ("关联任务不存在或已失效", "task_status_not_success")],
    *[(text, RATE, "at work") for text in ("队列已满，请稍后尝试", "Queue full", "并发数已达上限")],
    *[
        (text, OPERATOR, "with the maker")
        for text in (
            "无可用的账号实例",
            "No available account instance",
            "账号不可用: 7",
            "请求失败，禁用账号",
            "Plan Cancelled",
            "Subscription required",
            "今日绘图次数已达上限",
            "[x] /captcha/embedded/y",
            "CreditInsufficient",
        )
    ],
    *[(text, TIME, "may exist") for text in ("执行超时 5 分钟", "任务提交超时", "超时，未找到消息")],
    ("取消任务", OPERATOR, "stopped it"),
    *[
        (text, UPSTREAM, "at the maker")
        for text in (
            "Sorry! Could not complete the job!",
            "[Internal Server Error] x",
            "提交失败，系统异常",
            "INTERNAL",
            "THIRD_PARTY.UNAVAILABLE",
            "Error",
        )
    ],
]


@pytest.mark.parametrize(("text", "kind", "words"), BEFORE_THE_TASK)
def test_what_is_said_before_the_task(text: str, kind: ReasonClass, words: str) -> None:
    for of_key in (True, False):
        reason = explain_refusal(text, of_key=of_key)
        assert reason is not None
        assert (reason.kind, words in reason.sentence) == (kind, True), reason


@pytest.mark.parametrize(("text", "kind", "words"), MONEY)
def test_what_is_said_of_money(text: str, kind: ReasonClass, words: str) -> None:
    for reason in (explain_refusal(text, of_key=True), explain_refusal(text, of_key=False), explain(text)):
        assert reason is not None
        assert (reason.kind, words in reason.sentence) == (kind, True), reason


@pytest.mark.parametrize(("text", "kind", "words"), TASK_LAYER)
def test_what_the_task_layer_says(text: str, kind: ReasonClass, words: str) -> None:
    reason = explain_refusal(text, of_key=False)
    assert reason is not None
    assert (reason.kind, words in reason.sentence) == (kind, True), reason


@pytest.mark.parametrize(("text", "kind", "words"), FAILURES)
def test_why_a_task_failed(text: str, kind: ReasonClass, words: str) -> None:
    reason = explain(text)
    assert reason is not None
    assert (reason.kind, words in reason.sentence) == (kind, True), reason


@pytest.mark.parametrize("text", [row[0] for row in (*BEFORE_THE_TASK, *MONEY, *TASK_LAYER, *FAILURES)])
def test_every_sentence_is_one_sentence(text: str) -> None:
    for reason in (explain(text), explain_refusal(text, of_key=False)):
        if reason is not None:
            assert reason.sentence.endswith(".")
            assert not re.search(r"\. |[{}\n]", reason.sentence)


@pytest.mark.parametrize("text", [row[0] for row in (*BEFORE_THE_TASK, *MONEY) if not row[0].endswith(" ")])
def test_a_text_counts_in_any_case_and_wherever_it_is_contained(text: str) -> None:
    plain = explain_refusal(text, of_key=True)
    assert plain is not None
    assert explain_refusal(text.upper(), of_key=True) == plain
    if "model" not in text.lower() and "模型" not in text:
        assert explain_refusal(f"某站：{text}！", of_key=True) == plain


@pytest.mark.parametrize("text", ["", "x", "hello", "audio error", "请稍后再试", "something went wrong"])
def test_what_nobody_knows_is_told_as_it_is(text: str) -> None:
    assert explain(text) is None
    assert explain_refusal(text, of_key=True) is None
    assert told(text) == text


SAMPLES = Path(__file__).parents[1] / "samples" / "reasons.tsv"
SAID = [line.split("\t") for line in SAMPLES.read_text("utf-8").splitlines()[1:]]


SAYS_ENOUGH = {
    "A song can only be extended by its task's id of your own account.",
    "The picture to work on is gone or unfinished.",
    "The prompt is empty.",
    "The song that it was to be made from is gone.",
    "The upload was recognised as an existing work.",
    "There is no such task in your account, though a fresh one needs a minute to appear.",
    "This gateway does not offer that.",
}
"""Sentences without a colon, behind which the others tell what to do."""


@pytest.mark.parametrize(("where", "kind", "text"), SAID)
def test_every_known_text_has_its_class_and_one_sentence_in_both_languages(where: str, kind: str, text: str) -> None:
    def reason() -> Reason:
        found = explain(text) if where == "failure" else explain_refusal(text, of_key=where == "key")
        assert found is not None
        return found

    with speaking(Chinese()):
        chinese, beside = reason(), told(text)
    assert (reason().kind, chinese.kind) == (kind, kind)
    assert re.fullmatch(r"[^.{}\n]+(?:\.(?! )[^.{}\n]+)*\.", reason().sentence)
    assert re.fullmatch(r"[^。{}\n]*[\u4e00-\u9fff][^。{}\n]*。", chinese.sentence)
    assert text in beside
    assert ": " in reason().sentence or reason().sentence in SAYS_ENOUGH


def test_the_sentence_stands_before_the_words() -> None:
    words = "Song Description contained artist name: metallica"
    assert told(words) == f'Suno refuses the name "metallica": take it out of that field. ({words})'


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    explain(text)
    explain_refusal(text, of_key=True)
    assert text in told(text)


@given(st.text(min_size=1, max_size=40))
def test_no_name_makes_it_fail(name: str) -> None:
    assert explain(f"Tags contained artist name: {name}")

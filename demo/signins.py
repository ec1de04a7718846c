"""How to get in, as the last lines of `manage.py demo`; the supervisor of `make run` repeats them."""

from demo import cast

MARK = "登录 | "


def lines() -> list[str]:
    """Each begins with the mark; none names an address."""
    staff = [
        f"{title} {one.name}：/desk/，登录名{one.username}，密码{cast.PASSWORD}"
        for title, one in (
            ("文兴社区工作者", cast.WORKER),
            ("文兴社区主任", cast.HEAD),
            ("永安社区工作者", cast.YONGAN_WORKER),
            ("文源社区主任", cast.WENYUAN_HEAD),
            ("托管老师", cast.TEACHER),
            ("托管中心负责人", cast.CARE_LEAD),
            ("华林社区工作者（清远街道）", cast.HUALIN_WORKER),
            ("街道管理员", cast.ADMIN),
            ("街道财务", cast.FINANCE),
            ("文兴社区监督员", cast.SUPERVISOR),
            ("街道审计员", cast.AUDITOR),
            ("系统管理员", cast.SYSTEM_ADMIN),
        )
    ]
    told = [
        "一键登录各角色：/demo/",
        f"居民 {cast.WANG.name}：/sign-in/，手机号{cast.WANG.phone}（验证码显示在登录页上）",
        f"长辈版 {cast.ELDER.name}：手机号{cast.ELDER.phone}；一号两人 {cast.SON.name}、{cast.MOTHER.name}：手机号{cast.SON.phone}",
        f"亲友代办人 {cast.DAUGHTER.name}：手机号{cast.DAUGHTER.phone}，替{cast.ELDER.name}办理",
        f"托管家长 {cast.CARE_PARENT.name}：手机号{cast.CARE_PARENT.phone}",
        f"商户 康乐家政服务部店主{cast.KANGLE.name}：手机号{cast.KANGLE.phone}，登录后进/merchant/",
        *staff,
        f"接口 /api/v1/：client_id {cast.CLIENT_ID}，client_secret {cast.CLIENT_SECRET}",
    ]
    return [MARK + line for line in told]

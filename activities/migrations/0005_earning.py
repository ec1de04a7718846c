import activities.models.participation
import activities.models.stars
import core.clock
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.operations
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0004_closed"),
        ("communities", "0017_couriers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("partners", "0001_initial"),
        ("points", "0008_deeds"),
        ("venues", "0001_initial"),
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(),
        migrations.RemoveConstraint(
            model_name="activity",
            name="activity_cancelled_when",
        ),
        migrations.AddField(
            model_name="activity",
            name="audience",
            field=models.CharField(blank=True, max_length=40, verbose_name="面向人群"),
        ),
        migrations.AddField(
            model_name="activity",
            name="dangerous",
            field=models.BooleanField(default=False, verbose_name="可能有人身危险"),
        ),
        migrations.AddField(
            model_name="activity",
            name="equipment",
            field=models.CharField(blank=True, max_length=100, verbose_name="装备"),
        ),
        migrations.AddField(
            model_name="activity",
            name="finished_at",
            field=models.DateTimeField(null=True, verbose_name="结束办理时间"),
        ),
        migrations.AddField(
            model_name="activity",
            name="finished_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="结束办理人",
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="insurance",
            field=models.CharField(blank=True, max_length=40, verbose_name="保险单号"),
        ),
        migrations.AddField(
            model_name="activity",
            name="leader_phone",
            field=models.CharField(blank=True, max_length=20, verbose_name="负责人电话"),
        ),
        migrations.AddField(
            model_name="activity",
            name="made_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="拟定人",
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="max_age",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="最高年龄"),
        ),
        migrations.AddField(
            model_name="activity",
            name="min_age",
            field=models.PositiveSmallIntegerField(default=18, verbose_name="最低年龄"),
        ),
        migrations.AddField(
            model_name="activity",
            name="organiser",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="communities.resident",
                verbose_name="现场组织人",
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="providers",
            field=models.ManyToManyField(
                blank=True, related_name="activities", to="partners.partner", verbose_name="主讲或协办"
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="published_at",
            field=models.DateTimeField(null=True, verbose_name="发布时间"),
        ),
        migrations.AddField(
            model_name="activity",
            name="published_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="发布人",
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="room",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="venues.room",
                verbose_name="活动室",
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="sign_up_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="报名截止"),
        ),
        migrations.AddField(
            model_name="activity",
            name="skills",
            field=models.CharField(blank=True, max_length=100, verbose_name="技能要求"),
        ),
        migrations.AddField(
            model_name="activity",
            name="summary",
            field=models.CharField(blank=True, max_length=500, verbose_name="活动小结"),
        ),
        migrations.AddField(
            model_name="activity",
            name="training",
            field=models.CharField(blank=True, max_length=100, verbose_name="岗前培训"),
        ),
        migrations.AddField(
            model_name="activity",
            name="volunteering",
            field=models.BooleanField(default=True, editable=False, verbose_name="志愿服务"),
        ),
        migrations.AddField(
            model_name="participation",
            name="arrived_at",
            field=models.DateTimeField(null=True, verbose_name="签到时间"),
        ),
        migrations.AddField(
            model_name="participation",
            name="arrived_how",
            field=models.CharField(
                blank=True,
                choices=[
                    ("code", "动态码"),
                    ("list", "组织人名单"),
                    ("desk", "工作人员录入"),
                    ("sheet", "签到表"),
                    ("forgotten", "忘记签退"),
                ],
                max_length=10,
                verbose_name="签到方式",
            ),
        ),
        migrations.AddField(
            model_name="participation",
            name="guardian",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="communities.resident",
                verbose_name="监护人",
            ),
        ),
        migrations.AddField(
            model_name="participation",
            name="late_reason",
            field=models.CharField(blank=True, max_length=100, verbose_name="补录原因"),
        ),
        migrations.AddField(
            model_name="participation",
            name="left_at",
            field=models.DateTimeField(null=True, verbose_name="签退时间"),
        ),
        migrations.AddField(
            model_name="participation",
            name="left_how",
            field=models.CharField(
                blank=True,
                choices=[
                    ("code", "动态码"),
                    ("list", "组织人名单"),
                    ("desk", "工作人员录入"),
                    ("sheet", "签到表"),
                    ("forgotten", "忘记签退"),
                ],
                max_length=10,
                verbose_name="签退方式",
            ),
        ),
        migrations.AddField(
            model_name="participation",
            name="over_reason",
            field=models.CharField(blank=True, max_length=100, verbose_name="当日超时原因"),
        ),
        migrations.AddField(
            model_name="participation",
            name="served_from",
            field=models.DateTimeField(null=True, verbose_name="服务开始"),
        ),
        migrations.AddField(
            model_name="participation",
            name="served_to",
            field=models.DateTimeField(null=True, verbose_name="服务结束"),
        ),
        migrations.AlterField(
            model_name="activity",
            name="kind",
            field=models.CharField(
                choices=[
                    ("ENV", "环境整治"),
                    ("CIV", "文明劝导"),
                    ("ELD", "助老探访"),
                    ("KID", "托管看护助理"),
                    ("PAT", "治安巡逻"),
                    ("PRO", "专业服务"),
                    ("EMG", "应急服务"),
                    ("SORT", "垃圾分类督导"),
                    ("SUPPORT", "社区活动保障"),
                    ("MEET", "居民议事会"),
                    ("LECT", "公益讲座"),
                    ("SALON", "创业沙龙"),
                    ("FLASH", "快闪"),
                ],
                max_length=10,
                verbose_name="类别",
            ),
        ),
        migrations.AlterField(
            model_name="activity",
            name="status",
            field=models.CharField(
                choices=[("draft", "草稿"), ("open", "报名中"), ("finished", "已结束"), ("cancelled", "已取消")],
                default="open",
                max_length=10,
                verbose_name="状态",
            ),
        ),
        migrations.AlterField(
            model_name="participation",
            name="status",
            field=models.CharField(
                choices=[
                    ("waiting", "候补"),
                    ("signed_up", "已报名"),
                    ("recorded", "待入账"),
                    ("confirmed", "已确认"),
                    ("absent", "未到场"),
                    ("cancelled", "已取消"),
                ],
                default="signed_up",
                max_length=10,
                verbose_name="状态",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("dangerous", False),
                    ("status", "draft"),
                    models.Q(models.Q(("insurance", ""), _negated=True), ("min_age__gte", 18)),
                    _connector="OR",
                ),
                name="activity_danger_insured",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(("max_age", None), ("max_age__gte", models.F("min_age")), _connector="OR"),
                name="activity_ages_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sign_up_until", None), ("sign_up_until__lte", models.F("ends_at")), _connector="OR"
                ),
                name="activity_sign_up_until",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("status", "cancelled"), _negated=True),
                        ("cancel_reason", ""),
                        ("cancelled_at", None),
                        ("cancelled_by", None),
                    ),
                    models.Q(
                        ("cancelled_at__isnull", False),
                        ("cancelled_by__isnull", False),
                        ("status", "cancelled"),
                        models.Q(("cancel_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="activity_cancelled_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("status", "finished"), _negated=True), ("finished_at", None), ("finished_by", None)
                    ),
                    models.Q(("finished_at__isnull", False), ("finished_by__isnull", False), ("status", "finished")),
                    _connector="OR",
                ),
                name="activity_finished_when",
            ),
        ),
        migrations.CreateModel(
            name="Award",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about", models.CharField(max_length=60, verbose_name="事项")),
                ("code", models.CharField(max_length=20, verbose_name="积分项目")),
                ("title", models.CharField(max_length=100, verbose_name="事由")),
                ("quantity", models.PositiveIntegerField(verbose_name="分钟或次数")),
                ("served_on", models.DateField(verbose_name="服务日期")),
                ("asked", models.PositiveIntegerField(verbose_name="应得")),
                ("approved_at", models.DateTimeField(default=core.clock.now, verbose_name="审核时间")),
                (
                    "status",
                    models.CharField(
                        choices=[("notice", "待公示"), ("posted", "已入账"), ("stopped", "未入账")],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("given", models.PositiveIntegerField(null=True, verbose_name="实得")),
                ("posted_at", models.DateTimeField(null=True, verbose_name="入账时间")),
                ("stopped_at", models.DateTimeField(null=True, verbose_name="停止时间")),
                ("stop_reason", models.CharField(blank=True, max_length=100, verbose_name="未入账原因")),
                (
                    "approved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核人",
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.community",
                        verbose_name="社区",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="earned_by",
                        to="points.entry",
                        verbose_name="凭证",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="记录人",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="awards",
                        to="communities.resident",
                        verbose_name="居民",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["resident", "-id"], name="activities__residen_c97b3c_idx"),
                    models.Index(
                        condition=models.Q(("status", "notice")), fields=["community", "-id"], name="award_for_notice"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("about",), name="award_once"),
                    models.CheckConstraint(
                        condition=models.Q(("recorded_by", models.F("approved_by")), _negated=True),
                        name="award_two_people",
                    ),
                    models.CheckConstraint(condition=models.Q(("asked__gte", 1)), name="award_asks"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("entry", None),
                                ("given", None),
                                ("posted_at", None),
                                ("status", "notice"),
                                ("stop_reason", ""),
                                ("stopped_at", None),
                            ),
                            models.Q(
                                ("entry__isnull", False),
                                ("given__isnull", False),
                                ("given__lte", models.F("asked")),
                                ("posted_at__isnull", False),
                                ("status", "posted"),
                                ("stop_reason", ""),
                                ("stopped_at", None),
                            ),
                            models.Q(
                                ("entry", None),
                                ("given", None),
                                ("posted_at", None),
                                ("status", "stopped"),
                                ("stopped_at__isnull", False),
                                models.Q(("stop_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="award_posted_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年")),
                ("serial", models.PositiveSmallIntegerField(verbose_name="流水号")),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="证明编号")),
                ("token", models.CharField(max_length=32, unique=True, verbose_name="令牌")),
                ("from_on", models.DateField(verbose_name="服务期间开始")),
                ("to_on", models.DateField(verbose_name="服务期间截止")),
                ("minutes", models.PositiveIntegerField(verbose_name="计入分钟")),
                ("lines", models.JSONField(default=activities.models.stars.no_lines, verbose_name="服务内容")),
                ("remarks", models.CharField(blank=True, max_length=100, verbose_name="备注")),
                ("issued_at", models.DateTimeField(default=core.clock.now, verbose_name="出具时间")),
                ("valid_until", models.DateField(verbose_name="有效期至")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="作废时间")),
                ("revoke_reason", models.CharField(blank=True, max_length=100, verbose_name="作废原因")),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="communities.community",
                        verbose_name="出具单位",
                    ),
                ),
                (
                    "handled_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="负责人",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="communities.resident",
                        verbose_name="居民",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作废人",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("community", "year", "serial"), name="certificate_serial"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoke_reason", ""), ("revoked_at", None), ("revoked_by", None)),
                            models.Q(
                                ("revoked_at__isnull", False),
                                ("revoked_by__isnull", False),
                                models.Q(("revoke_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="certificate_revoked_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("old_minutes", models.PositiveSmallIntegerField(verbose_name="原分钟")),
                ("new_minutes", models.PositiveSmallIntegerField(verbose_name="更正后分钟")),
                ("old_points", models.PositiveIntegerField(verbose_name="原积分")),
                ("new_points", models.PositiveIntegerField(null=True, verbose_name="更正后积分")),
                ("reason", models.CharField(max_length=100, verbose_name="更正原因")),
                (
                    "status",
                    models.CharField(
                        choices=[("proposed", "待复核"), ("approved", "已更正"), ("declined", "未通过")],
                        default="proposed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=core.clock.now, verbose_name="提出时间")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="复核时间")),
                ("decline_reason", models.CharField(blank=True, max_length=100, verbose_name="未通过原因")),
                (
                    "appeal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.appeal",
                        verbose_name="申诉",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="复核人",
                    ),
                ),
                (
                    "old_award",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="activities.award",
                        verbose_name="原入账单",
                    ),
                ),
                (
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="activities.participation",
                        verbose_name="参加",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "proposed")),
                        fields=("participation",),
                        name="hours_correction_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True),
                            models.Q(("old_minutes", models.F("new_minutes")), _negated=True),
                        ),
                        name="hours_correction_changes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                        name="hours_correction_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None),
                                ("decided_by", None),
                                ("decline_reason", ""),
                                ("status", "proposed"),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("decline_reason", ""),
                                ("new_points__isnull", False),
                                ("status", "approved"),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("status", "declined"),
                                models.Q(("decline_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="hours_correction_decided_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("snapshot", "随手拍"), ("kindness", "小善举"), ("idea", "建议")],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="内容")),
                ("place", models.CharField(blank=True, max_length=60, verbose_name="地点")),
                ("on", models.DateField(verbose_name="日期")),
                ("at", models.DateTimeField(default=core.clock.now, verbose_name="提交时间")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("sent", "待审核"),
                            ("accepted", "有效"),
                            ("solved", "已解决"),
                            ("declined", "未通过"),
                            ("merged", "已合并"),
                            ("taken_back", "已撤回"),
                        ],
                        default="sent",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("answer_by", models.DateTimeField(verbose_name="答复期限")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="答复时间")),
                ("answer", models.CharField(blank=True, max_length=200, verbose_name="答复")),
                ("close_by", models.DateField(null=True, verbose_name="办结期限")),
                ("solved_at", models.DateTimeField(null=True, verbose_name="解决时间")),
                ("outcome", models.CharField(blank=True, max_length=200, verbose_name="处理结果")),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="答复人",
                    ),
                ),
                (
                    "award",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="activities.award",
                        verbose_name="入账单",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提交人",
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deeds",
                        to="communities.community",
                        verbose_name="社区",
                    ),
                ),
                (
                    "grid",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.grid",
                        verbose_name="网格",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="activities.deed",
                        verbose_name="合并到",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deeds",
                        to="communities.resident",
                        verbose_name="居民",
                    ),
                ),
                (
                    "solved_award",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="activities.award",
                        verbose_name="解决入账单",
                    ),
                ),
                (
                    "solved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办结人",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "sent")), fields=["community", "answer_by"], name="deed_waiting"
                    ),
                    models.Index(fields=["community", "-id"], name="deed_newest"),
                    models.Index(fields=["resident", "-id"], name="deed_of"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="deed_says_what"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at", None),
                                ("answered_by", None),
                                ("award", None),
                                ("status__in", ["sent", "taken_back"]),
                            ),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("status__in", ["accepted", "solved", "declined", "merged"]),
                            ),
                            _connector="OR",
                        ),
                        name="deed_answered_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("merged_into__isnull", False), ("status", "merged")),
                            models.Q(models.Q(("status", "merged"), _negated=True), ("merged_into", None)),
                            _connector="OR",
                        ),
                        name="deed_merged_into",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("status", "solved"), _negated=True),
                                ("solved_at", None),
                                ("solved_award", None),
                                ("solved_by", None),
                            ),
                            models.Q(("solved_at__isnull", False), ("solved_by__isnull", False), ("status", "solved")),
                            _connector="OR",
                        ),
                        name="deed_solved_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "declined"), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="deed_declined_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "solved"), _negated=True), ("kind", "snapshot"), _connector="OR"
                        ),
                        name="deed_solved_snapshot",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("job", "就业"), ("start_up", "创业"), ("other", "其他")],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                ("text", models.CharField(max_length=200, verbose_name="情况")),
                ("on", models.DateField(verbose_name="日期")),
                ("at", models.DateTimeField(default=core.clock.now, verbose_name="登记时间")),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to="activities.activity",
                        verbose_name="活动",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="follow_up_says_what")
                ],
            },
        ),
        migrations.CreateModel(
            name="Honour",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("on", models.DateField(verbose_name="日期")),
                ("granted_by", models.CharField(max_length=60, verbose_name="授予单位")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("none", "其他（不计积分）"),
                            ("HONOR_STREET", "街道"),
                            ("HONOR_DISTRICT", "区"),
                            ("HONOR_CITY", "市"),
                        ],
                        max_length=20,
                        verbose_name="级别",
                    ),
                ),
                ("evidence", models.CharField(max_length=200, verbose_name="证明材料")),
                (
                    "status",
                    models.CharField(
                        choices=[("recorded", "待审核"), ("approved", "已审核"), ("declined", "未通过")],
                        default="recorded",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=core.clock.now, verbose_name="记录时间")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="审核时间")),
                ("decline_reason", models.CharField(blank=True, max_length=100, verbose_name="未通过原因")),
                (
                    "award",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="activities.award",
                        verbose_name="入账单",
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.community",
                        verbose_name="社区",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核人",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="记录人",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="honours",
                        to="communities.resident",
                        verbose_name="居民",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "declined"), _negated=True),
                        fields=("resident", "name", "on"),
                        name="honour_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("evidence", ""), _negated=True), name="honour_by_evidence"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("recorded_by", models.F("decided_by")), _negated=True),
                        name="honour_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("award", None),
                                ("decided_at", None),
                                ("decided_by", None),
                                ("decline_reason", ""),
                                ("status", "recorded"),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("decline_reason", ""),
                                ("status", "approved"),
                            ),
                            models.Q(
                                ("award", None),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("status", "declined"),
                                models.Q(("decline_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="honour_decided_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=40, verbose_name="岗位")),
                ("duty", models.CharField(max_length=300, verbose_name="职责")),
                ("term_months", models.PositiveSmallIntegerField(default=12, verbose_name="任期（月）")),
                ("for_couriers", models.BooleanField(default=False, verbose_name="仅限小哥")),
                ("made_at", models.DateTimeField(default=core.clock.now, verbose_name="设立时间")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="撤销时间")),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="撤销人",
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="communities.community",
                        verbose_name="社区",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="设立人",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)), fields=("community", "title"), name="post_title"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("term_months__gte", 1), ("term_months__lte", 36)), name="post_term"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_by", None)),
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="post_closed_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Holding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[("asked", "待审核"), ("held", "在岗"), ("declined", "未通过"), ("ended", "已离岗")],
                        default="asked",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("asked_at", models.DateTimeField(default=core.clock.now, verbose_name="认领时间")),
                ("starts_on", models.DateField(null=True, verbose_name="上岗日期")),
                ("ends_on", models.DateField(null=True, verbose_name="任期到")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="审核时间")),
                ("renewals", models.PositiveSmallIntegerField(default=0, verbose_name="续任次数")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="离岗时间")),
                ("end_reason", models.CharField(blank=True, max_length=100, verbose_name="原因")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核人",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="communities.resident",
                        verbose_name="居民",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="activities.post",
                        verbose_name="岗位",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "held")), fields=("post",), name="post_one_holder"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "held")), fields=("resident",), name="resident_one_post"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "asked")), fields=("post", "resident"), name="holding_asked_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None),
                                ("decided_by", None),
                                ("ends_on", None),
                                ("starts_on", None),
                                ("status", "asked"),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("ends_on", None),
                                ("starts_on", None),
                                ("status", "declined"),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("ends_on__gte", models.F("starts_on")),
                                ("starts_on__isnull", False),
                                ("status__in", ["held", "ended"]),
                            ),
                            _connector="OR",
                        ),
                        name="holding_decided_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by", models.F("decided_by")), _negated=True), name="holding_two_people"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("status__in", ["ended", "declined"]), _negated=True),
                                ("end_reason", ""),
                                ("ended_at", None),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("status", "ended"),
                                models.Q(("end_reason", ""), _negated=True),
                            ),
                            models.Q(
                                ("ended_at", None), ("status", "declined"), models.Q(("end_reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="holding_ended_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(verbose_name="月份")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="履职情况")),
                ("said_at", models.DateTimeField(default=core.clock.now, verbose_name="填报时间")),
                (
                    "status",
                    models.CharField(
                        choices=[("said", "待确认"), ("confirmed", "已确认"), ("declined", "未通过")],
                        default="said",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="确认时间")),
                ("decline_reason", models.CharField(blank=True, max_length=100, verbose_name="未通过原因")),
                (
                    "award",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="activities.award",
                        verbose_name="入账单",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="确认人",
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="填报人",
                    ),
                ),
                (
                    "holding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="months",
                        to="activities.holding",
                        verbose_name="认领",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "declined"), _negated=True),
                        fields=("holding", "month"),
                        name="duty_month_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("month__day", 1)), name="duty_month_first_day"),
                    models.CheckConstraint(
                        condition=models.Q(("said_by", models.F("decided_by")), _negated=True),
                        name="duty_month_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("award", None),
                                ("decided_at", None),
                                ("decided_by", None),
                                ("decline_reason", ""),
                                ("status", "said"),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("decline_reason", ""),
                                ("status", "confirmed"),
                            ),
                            models.Q(
                                ("award", None),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("status", "declined"),
                                models.Q(("decline_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="duty_month_decided_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=40, verbose_name="系列")),
                ("made_at", models.DateTimeField(default=core.clock.now, verbose_name="创建时间")),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.community",
                        verbose_name="社区",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="创建人",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("community", "title"), name="series_title")],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=40, verbose_name="活动名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ENV", "环境整治"),
                            ("CIV", "文明劝导"),
                            ("ELD", "助老探访"),
                            ("KID", "托管看护助理"),
                            ("PAT", "治安巡逻"),
                            ("PRO", "专业服务"),
                            ("EMG", "应急服务"),
                            ("SORT", "垃圾分类督导"),
                            ("SUPPORT", "社区活动保障"),
                            ("MEET", "居民议事会"),
                            ("LECT", "公益讲座"),
                            ("SALON", "创业沙龙"),
                            ("FLASH", "快闪"),
                        ],
                        max_length=10,
                        verbose_name="服务类别",
                    ),
                ),
                ("content", models.CharField(max_length=300, verbose_name="服务内容")),
                ("place", models.CharField(max_length=80, verbose_name="地点")),
                ("unit", models.CharField(max_length=60, verbose_name="组织单位")),
                ("leader", models.CharField(max_length=40, verbose_name="活动负责人")),
                ("starts_at", models.DateTimeField(verbose_name="开始")),
                ("ends_at", models.DateTimeField(verbose_name="结束")),
                ("on", models.DateField(verbose_name="服务日期")),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="服务分钟")),
                ("credited", models.PositiveSmallIntegerField(verbose_name="计入分钟")),
                ("day_cap", models.PositiveSmallIntegerField(null=True, verbose_name="当日上限分钟")),
                ("over_reason", models.CharField(blank=True, max_length=100, verbose_name="当日超时原因")),
                ("means", models.CharField(max_length=30, verbose_name="签到签退方式")),
                ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                ("confirmed_at", models.DateTimeField(verbose_name="记录完成时间")),
                ("late_reason", models.CharField(blank=True, max_length=100, verbose_name="补录原因")),
                ("voided_at", models.DateTimeField(null=True, verbose_name="作废时间")),
                ("void_reason", models.CharField(blank=True, max_length=100, verbose_name="作废原因")),
                ("reported_at", models.DateTimeField(null=True, verbose_name="上报时间")),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="communities.community",
                        verbose_name="社区",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核人",
                    ),
                ),
                (
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="activities.participation",
                        verbose_name="参加",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="记录人",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="activities.service",
                        verbose_name="更正的记录",
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上报人",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="communities.resident",
                        verbose_name="居民",
                    ),
                ),
                (
                    "voided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作废人",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("voided_at", None)), fields=["resident", "on"], name="service_of_day"
                    ),
                    models.Index(fields=["community", "-on", "-id"], name="service_ledger"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("voided_at", None)), fields=("participation",), name="service_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("recorded_by", models.F("confirmed_by")), _negated=True),
                        name="service_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("credited__gte", 0),
                            ("credited__lte", models.F("minutes")),
                            ("ends_at__gt", models.F("starts_at")),
                            ("minutes__gte", 1),
                        ),
                        name="service_minutes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("day_cap__isnull", False), ("over_reason", "")),
                            models.Q(("day_cap", None), models.Q(("over_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="service_over_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("void_reason", ""), ("voided_at", None), ("voided_by", None)),
                            models.Q(
                                ("voided_at__isnull", False),
                                ("voided_by__isnull", False),
                                models.Q(("void_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="service_voided_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reported_at", None), ("reported_by", None)),
                            models.Q(("reported_at__isnull", False), ("reported_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="service_reported_by",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("voided_at", None)),
                        expressions=[
                            ("resident", "="),
                            (activities.models.participation.Span("starts_at", "ends_at"), "&&"),
                        ],
                        name="service_no_overlap",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="文件名")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("ready", "待确认"),
                            ("written", "已写入"),
                            ("undone", "已撤销"),
                            ("dropped", "已放弃"),
                        ],
                        default="ready",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("at", models.DateTimeField(default=core.clock.now, verbose_name="上传时间")),
                ("written_at", models.DateTimeField(null=True, verbose_name="写入时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="撤销或放弃时间")),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="activities.activity",
                        verbose_name="活动",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="撤销人",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "ready")), fields=("activity",), name="sheet_one_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("status", "ready"), ("written_at", None)),
                            models.Q(("ended_at", None), ("status", "written"), ("written_at__isnull", False)),
                            models.Q(("ended_at__isnull", False), ("status", "undone"), ("written_at__isnull", False)),
                            models.Q(("ended_at__isnull", False), ("status", "dropped"), ("written_at", None)),
                            _connector="OR",
                        ),
                        name="sheet_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SheetLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="行号")),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="姓名")),
                ("tail", models.CharField(blank=True, max_length=30, verbose_name="手机尾号")),
                ("began", models.CharField(blank=True, max_length=30, verbose_name="签到")),
                ("ended", models.CharField(blank=True, max_length=30, verbose_name="签退")),
                (
                    "fate",
                    models.CharField(
                        choices=[("present", "到场"), ("wrong", "有误"), ("repeated", "重复")],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                (
                    "said",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), default=list, size=None, verbose_name="说明"
                    ),
                ),
                ("served_from", models.DateTimeField(null=True, verbose_name="服务开始")),
                ("served_to", models.DateTimeField(null=True, verbose_name="服务结束")),
                ("before", models.CharField(blank=True, max_length=10, verbose_name="写入前状态")),
                (
                    "participation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="activities.participation",
                        verbose_name="参加",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.resident",
                        verbose_name="居民",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="activities.sheet",
                        verbose_name="签到表",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("sheet", "number"), name="sheet_line_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("fate", "present"), _negated=True),
                            models.Q(
                                ("resident__isnull", False),
                                ("served_from__isnull", False),
                                ("served_to__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="sheet_line_present",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Star",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ladder",
                    models.CharField(
                        choices=[("volunteer", "志愿者星级"), ("courier", "小哥年度星级")],
                        max_length=10,
                        verbose_name="星级类别",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(default=0, verbose_name="年度")),
                ("level", models.PositiveSmallIntegerField(verbose_name="星级")),
                ("reached_at", models.DateTimeField(default=core.clock.now, verbose_name="达到时间")),
                ("amount", models.PositiveIntegerField(verbose_name="达到时的分钟或积分")),
                (
                    "status",
                    models.CharField(
                        choices=[("reached", "待公示"), ("granted", "已授予"), ("stopped", "未授予")],
                        default="reached",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True, verbose_name="授予或停止时间")),
                ("stop_reason", models.CharField(blank=True, max_length=100, verbose_name="未授予原因")),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.community",
                        verbose_name="社区",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stars",
                        to="communities.resident",
                        verbose_name="居民",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["community", "-id"], name="star_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "stopped"), _negated=True),
                        fields=("resident", "ladder", "year", "level"),
                        name="star_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("level__gte", 1), ("level__lte", 5)), name="star_level"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ladder", "volunteer"), ("year", 0)),
                            models.Q(("ladder", "courier"), ("year__gte", 2000)),
                            _connector="OR",
                        ),
                        name="star_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at", None), ("status", "reached"), ("stop_reason", "")),
                            models.Q(("settled_at__isnull", False), ("status", "granted"), ("stop_reason", "")),
                            models.Q(
                                ("settled_at__isnull", False),
                                ("status", "stopped"),
                                models.Q(("stop_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="star_settled_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StarBar",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateField(verbose_name="限制到")),
                ("reason", models.CharField(max_length=100, verbose_name="原因")),
                ("proposed_at", models.DateTimeField(default=core.clock.now, verbose_name="提出时间")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="复核时间")),
                ("lifted_at", models.DateTimeField(null=True, verbose_name="解除时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="复核人",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="解除人",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="star_bars",
                        to="communities.resident",
                        verbose_name="居民",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="star_bar_says_why"),
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                        name="star_bar_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None)),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="star_bar_decided_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Training",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="培训名称")),
                ("content", models.CharField(max_length=200, verbose_name="主要内容")),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="学习分钟")),
                ("host", models.CharField(max_length=60, verbose_name="举办单位")),
                ("on", models.DateField(verbose_name="日期")),
                ("at", models.DateTimeField(default=core.clock.now, verbose_name="记录时间")),
                ("voided_at", models.DateTimeField(null=True, verbose_name="作废时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="记录人",
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.community",
                        verbose_name="社区",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trainings",
                        to="communities.resident",
                        verbose_name="居民",
                    ),
                ),
                (
                    "voided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作废人",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("voided_at", None)), fields=("resident", "name", "on"), name="training_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 1), ("minutes__lte", 6000)), name="training_minutes"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=300, verbose_name="走访情况")),
                ("follow_up", models.CharField(blank=True, max_length=200, verbose_name="要跟进的事")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="办结时间")),
                ("on", models.DateField(verbose_name="走访日期")),
                ("at", models.DateTimeField(default=core.clock.now, verbose_name="登记时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="走访人",
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="communities.community",
                        verbose_name="社区",
                    ),
                ),
                (
                    "estate",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.estate",
                        verbose_name="小区",
                    ),
                ),
                (
                    "grid",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.grid",
                        verbose_name="网格",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="communities.resident",
                        verbose_name="居民",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办结人",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["community", "-id"], name="visit_newest")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="visit_says_what"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at", None), ("settled_by", None)),
                            models.Q(
                                ("settled_at__isnull", False),
                                ("settled_by__isnull", False),
                                models.Q(("follow_up", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="visit_settled_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                (
                    "deed",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="photo",
                        serialize=False,
                        to="activities.deed",
                        verbose_name="小事",
                    ),
                ),
                ("jpeg", models.BinaryField(verbose_name="图片")),
                ("width", models.PositiveSmallIntegerField(verbose_name="宽")),
                ("height", models.PositiveSmallIntegerField(verbose_name="高")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("height__lte", 2000), ("width__lte", 2000)), name="photo_size"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="participation",
            name="award",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="activities.award",
                verbose_name="入账单",
            ),
        ),
        migrations.AddField(
            model_name="activity",
            name="series",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="activities",
                to="activities.series",
                verbose_name="系列",
            ),
        ),
    ]

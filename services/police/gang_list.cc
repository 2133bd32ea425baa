#include "services/police/gang_list.h"

#include <utility>

#include "exitbus/police/v1/nec_status_service.pb.h"
#include "services/exchange/typed.h"

namespace exitbus::police {
namespace {

namespace cv1 = casework::v1;
using exchange::Answer;
using exchange::InGangList;

cv1::NecListStatus StatusOf(InGangList said) {
  switch (said) {
    case InGangList::kYes:
      return cv1::NEC_LIST_STATUS_YES;
    case InGangList::kNo:
      return cv1::NEC_LIST_STATUS_NO;
    case InGangList::kUnknown:
      break;
  }
  return cv1::NEC_LIST_STATUS_UNKNOWN;
}

v1::GangListLookUp& LookUpIn(Answer& answer) {
  return *static_cast<v1::LookUpGangListResponse&>(*answer.reply).mutable_look_up();
}

class Handler final : public exchange::ApiHandler {
 public:
  Handler(exchange::ApiHandler* engine, exchange::GangList* list) : engine_(engine), list_(list) {}

  void Handle(exchange::Call call) override {
    if (call.method == look_up_) {
      call.done = [list = list_, done = std::move(call.done)](Answer answer) mutable {
        LookUp(*list, std::move(answer), std::move(done));
      };
    }
    engine_->Handle(std::move(call));
  }

  std::unique_ptr<exchange::WatchSession> Watch(exchange::WatchCall call) override {
    return engine_->Watch(std::move(call));
  }

 private:
  using Done = absl::AnyInvocable<void(Answer)>;

  static void LookUp(exchange::GangList& list, Answer answer, Done done) {
    if (answer.reply == nullptr || LookUpIn(answer).cpr_number().empty()) {
      return done(std::move(answer));
    }
    const std::string cpr_number = LookUpIn(answer).cpr_number();
    list.LookUp(cpr_number,
                [answer = std::move(answer), done = std::move(done)](InGangList said) mutable {
                  LookUpIn(answer).set_status(StatusOf(said));
                  done(std::move(answer));
                });
  }

  exchange::ApiHandler* const engine_;
  exchange::GangList* const list_;
  const std::string look_up_ = exchange::MethodOf(v1::LookUpGangListRequest::descriptor());
};

}  // namespace

std::unique_ptr<exchange::ApiHandler> LookingUp(exchange::ApiHandler* engine,
                                                exchange::GangList* list) {
  return std::make_unique<Handler>(engine, list);
}

}  // namespace exitbus::police
